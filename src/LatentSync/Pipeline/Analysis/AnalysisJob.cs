using System.Diagnostics;
using LatentSync.Media.Ffmpeg;
using LatentSync.Media.Write;
using LatentSync.Pipeline.FileJob;
using LatentSync.Pipeline.Segments;
using LatentSync.Pipeline.Stages;
using LatentSync.Progress;

namespace LatentSync.Pipeline.Analysis;

/// <summary>
/// Looks at the whole video as <see cref="LipSyncJob"/> does, with the same frames in the same flow, but paints and writes nothing:
/// so where clips and segments begin, and what is done to each frame, is what it is in that job.
/// </summary>
/// <param name="request">The job.</param>
/// <param name="model">What tells the model, and the side of its faces in pixels.</param>
/// <param name="faces">Finds faces.</param>
/// <param name="progress">Told how many frames were looked at.</param>
/// <param name="segmentDuration">How long a part of the result is at least.</param>
internal sealed class AnalysisJob(
    LipSyncRequest request,
    (string Fingerprint, int Resolution) model,
    FaceFinder faces,
    IProgress<LipSyncProgress>? progress,
    TimeSpan segmentDuration
)
{
    private readonly WorkTimes _times = new();

    /// <summary>Looks, and writes what is needed to make the segments.</summary>
    /// <param name="path">Where to; replaced. Null for nowhere.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LipSyncException">An input cannot be used, or the file not be written.</exception>
    public async Task<LipSyncAnalysis> RunAsync(string? path, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var tools = MediaTools.Locate();
        var ffmpeg = await tools.RequireVersionAsync(cancellationToken).ConfigureAwait(false);
        var inputs = await JobInputs.OpenAsync(request, tools, cancellationToken).ConfigureAwait(false);
        using var file = path is null ? null : OutputFile.Create(path, overwrite: true, [request.Video, request.Audio]);
        await SoundTrial.FindEncoderAsync(tools, inputs.Sound, request.Output, cancellationToken).ConfigureAwait(false);
        var writing = await EncoderTrial.ResolveAsync(tools, new OutputPlan(request, inputs).WriteOptions, cancellationToken).ConfigureAwait(false);
        var stages = new FlowStages(request.Options, new DeafEncoder(), new BlankGenerator(model.Resolution), faces, progress, _times) { FindsPauses = true };
        var look = new WholeLook(request, inputs, stages, SegmentLength.Of(segmentDuration, inputs.Clock));
        await look.RunAsync(cancellationToken).ConfigureAwait(false);
        var stored = look.Store(AnalyzedJob.Describe(request, ffmpeg, model), writing.Encoding.Encoder);
        if (file is not null)
        {
            AnalysisFile.Write(file, stored);
        }

        return look.Describe(stored) with
        {
            Elapsed = watch.Elapsed,
            Times = _times.ToDictionary(),
        };
    }
}
