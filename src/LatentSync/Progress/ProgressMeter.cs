namespace LatentSync.Progress;

/// <summary>Counts the units of one stage and reports them with the time left, at most ten times a second. Thread-safe.</summary>
internal sealed class ProgressMeter(LipSyncStage stage, long expected, IProgress<LipSyncProgress>? progress, TimeProvider time)
{
    /// <summary>A meter of which nobody hears.</summary>
    public static ProgressMeter Silent(LipSyncStage stage) => new(stage, expected: 0, progress: null, TimeProvider.System);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private long _total = expected;
    private long _done;
    private long _start;
    private long _lastReport;

    /// <summary>Counts finished units.</summary>
    public void Advance(long units = 1)
    {
        if (progress is null)
        {
            return;
        }

        lock (_lock)
        {
            if (_done == 0)
            {
                _start = time.GetTimestamp();
            }

            _done += units;
            _total = Math.Max(_total, _done);
            if (_done < _total && _lastReport != 0 && time.GetElapsedTime(_lastReport) < Interval)
            {
                return;
            }

            _lastReport = time.GetTimestamp();
            progress.Report(new LipSyncProgress(stage, _done, _total, Remaining(units)));
        }
    }

    /// <summary>Corrects a total that was only expected: all is done. Where nothing had to be done, nothing is said.</summary>
    public void Finish()
    {
        lock (_lock)
        {
            if (_done != _total && _done > 0)
            {
                _total = _done;
                progress?.Report(new LipSyncProgress(stage, _done, _total, TimeSpan.Zero));
            }
        }
    }

    /// <summary>The clock starts with the first finished unit, so that unit is left out of the rate.</summary>
    private TimeSpan? Remaining(long units)
    {
        var measured = _done - units;
        if (_done >= _total)
        {
            return TimeSpan.Zero;
        }

        return measured > 0 ? time.GetElapsedTime(_start) * ((double)(_total - _done) / measured) : null;
    }
}
