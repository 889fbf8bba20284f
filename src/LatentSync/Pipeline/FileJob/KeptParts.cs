using LatentSync.Jobs;
using LatentSync.Timeline;

namespace LatentSync.Pipeline.FileJob;

/// <summary>The sentences about what a job has kept.</summary>
internal sealed class KeptParts(LipSyncRequest request, JobFolder folder, FrameClock clock, Action<string>? notice)
{
    /// <summary>Whether a job that ends now can go on later.</summary>
    public bool Any => !folder.IsFinished && folder.Segments.Count > 0;

    private TimeSpan Kept => folder.Segments is [.., var last] ? clock.Time(last.End) : TimeSpan.Zero;

    private string Sentence =>
        $"{JobTime.Format(Kept)} of \"{request.Output}\" are kept; the same command, or latentsync resume \"{request.Output}\", goes on from there.";

    /// <summary>Where the job goes on, if it does.</summary>
    public void TellStart()
    {
        if (Any)
        {
            notice?.Invoke($"Going on with \"{request.Output}\" after {JobTime.Format(Kept)}.");
        }
    }

    /// <summary>What is kept although the job failed.</summary>
    public void TellEnd()
    {
        if (Any)
        {
            notice?.Invoke(Sentence);
        }
    }

    /// <summary>What is kept of a job that was cancelled.</summary>
    public LipSyncStoppedException Stopped(OperationCanceledException cause) => new($"Stopped; {Sentence}", folder.Path, Kept, cause);
}
