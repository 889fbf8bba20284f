namespace LatentSync.Models.Download;

/// <summary>Turns bytes into reports with a rate and the time left, a few times a second. Many threads may count.</summary>
internal sealed class TransferMeter(IProgress<ModelProgress>? progress, TimeProvider time, string action, long total)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(8);

    private readonly Lock _gate = new();
    private readonly Queue<(long At, long Counted)> _samples = new([(time.GetTimestamp(), 0)]);
    private long _counted;
    private long _done;
    private long _reported;

    /// <summary>Bytes that were there before; they do not count for the rate.</summary>
    public void Skip(long bytes)
    {
        lock (_gate)
        {
            _done += bytes;
        }
    }

    /// <summary>Counts bytes; negative ones have to be done again.</summary>
    public void Count(long bytes)
    {
        lock (_gate)
        {
            _done += bytes;
            _counted += Math.Max(bytes, 0);
            var now = time.GetTimestamp();
            if (progress is null || (_done < total && time.GetElapsedTime(_reported, now) < Interval && _reported != 0))
            {
                return;
            }

            _reported = now;
            _samples.Enqueue((now, _counted));
            while (_samples.Count > 2 && time.GetElapsedTime(_samples.Peek().At, now) > Window)
            {
                _samples.Dequeue();
            }

            var (at, counted) = _samples.Peek();
            var seconds = time.GetElapsedTime(at, now).TotalSeconds;
            var rate = seconds > 0 ? (_counted - counted) / seconds : 0;
            TimeSpan? left = rate > 0 ? TimeSpan.FromSeconds(Math.Min((total - _done) / rate, TimeSpan.MaxValue.TotalSeconds / 2)) : null;
            progress.Report(new ModelProgress(action, Math.Min(_done, total), total, rate, left));
        }
    }
}
