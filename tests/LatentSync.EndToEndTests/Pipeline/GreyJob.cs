using LatentSync.Backends;
using LatentSync.Pipeline.FileJob;
using LatentSync.Pipeline.Stages;
using LatentSync.Progress;
using TestMedia = LatentSync.EndToEndTests.Media.TestMedia;

namespace LatentSync.EndToEndTests.Pipeline;

/// <summary>Runs whole jobs whose mouths are grey, for tests of everything around the networks.</summary>
internal static class GreyJob
{
    public static Task<LipSyncResult> RunAsync(
        LipSyncRequest request,
        IFaceGenerator? generator = null,
        IProgress<LipSyncProgress>? progress = null,
        Action<FormattableString>? notice = null,
        int framesAtOnce = 1
    ) =>
        new LipSyncJob(
            request,
            new DeafEncoder(),
            generator ?? new GreyGenerator(1),
            new FaceFinder(insightFaceFolder: null, framesAtOnce),
            progress,
            new WorkTimes(),
            new JobSettings { Notice = notice }
        ).RunAsync(TestMedia.Token);
}
