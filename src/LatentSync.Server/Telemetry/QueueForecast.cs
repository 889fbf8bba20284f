using LatentSync.Server.Data;
using LatentSync.Server.Jobs;
using LatentSync.Server.Work;

namespace LatentSync.Server.Telemetry;

/// <summary>
/// Estimates how long one worker would take for jobs, from the seconds a frame that were learned here (<see cref="Forecasts"/>).
/// Frames without a face cost less than is assumed, and fetching and keeping files costs more.
/// </summary>
internal sealed class QueueForecast
{
    // Before anything was learned: half a minute of video, and a card that makes 20 frames a second.
    private const double UsualFrames = 750;
    private const double UsualGenerating = 0.05;
    private const double UsualAnalysing = 0.01;
    private const double UsualJoining = 0.001;

    private readonly Dictionary<string, double> _rates;
    private readonly double _generating;
    private readonly double _analysing;
    private readonly double _joining;

    /// <summary>An estimate by what was learned.</summary>
    public QueueForecast(IReadOnlyList<WorkRate> rates)
    {
        var learned = rates.Where(rate => rate is { Frames: > 0, Seconds: > 0 }).ToList();
        _rates = learned.ToDictionary(rate => rate.Kind, rate => rate.Seconds / rate.Frames, StringComparer.Ordinal);
        var generating = learned.Where(rate => rate.Kind != Forecasts.Analysing && rate.Kind != Forecasts.Joining).ToList();
        _generating = generating.Count > 0 ? generating.Sum(rate => rate.Seconds) / generating.Sum(rate => rate.Frames) : UsualGenerating;
        _analysing = _rates.GetValueOrDefault(Forecasts.Analysing, UsualAnalysing);
        _joining = _rates.GetValueOrDefault(Forecasts.Joining, UsualJoining);
    }

    /// <summary>Seconds of jobs that were not analysed yet.</summary>
    /// <param name="waiting">How many wait for their analysis.</param>
    /// <param name="analysing">How many are being analysed.</param>
    /// <param name="lengths">Frames of jobs before them, after which their own are guessed.</param>
    public double Unknown(long waiting, long analysing, IReadOnlyCollection<int> lengths)
    {
        var frames = lengths.Count > 0 ? lengths.Average() : UsualFrames;
        return frames * ((waiting * _analysing) + ((waiting + analysing) * (_generating + _joining)));
    }

    /// <summary>Seconds of a job that was analysed.</summary>
    /// <param name="job">With its options, state, frames and segments.</param>
    /// <param name="segments">Segments of it that workers have in hand.</param>
    /// <param name="isJoined">A worker is joining it.</param>
    public double Known(Job job, int segments, bool isJoined)
    {
        var waiting = job.State == JobState.Generating ? Math.Max(0, job.Segments - job.SegmentsDone - segments) : 0;
        var painted = (double)job.Frames * waiting / Math.Max(1, job.Segments);
        return (painted * _rates.GetValueOrDefault(Forecasts.Generating(job), _generating)) + (isJoined ? 0 : job.Frames * _joining);
    }
}
