namespace LatentSync.Worker;

/// <summary>Acts when a host that should say something has been silent for too long.</summary>
internal sealed class IdleClock : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long _start;

    /// <summary>Starts to watch.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="limit">How long the host may be silent.</param>
    /// <param name="isIdle">Whether it is the host's turn.</param>
    /// <param name="act">What to do.</param>
    public IdleClock(TimeProvider time, TimeSpan limit, Func<bool> isIdle, Action act)
    {
        (_time, Limit, _start) = (time, limit, time.GetTimestamp());
        _timer = time.CreateTimer(_ => Check(isIdle, act), state: null, Interval, Interval);
    }

    /// <summary>How long the host may be silent.</summary>
    public TimeSpan Limit { get; set; }

    /// <summary>The host said something.</summary>
    public void Restart() => Interlocked.Exchange(ref _start, _time.GetTimestamp());

    public void Dispose() => _timer.Dispose();

    private void Check(Func<bool> isIdle, Action act)
    {
        if (!isIdle())
        {
            Restart();
        }
        else if (_time.GetElapsedTime(Interlocked.Read(ref _start)) >= Limit)
        {
            act();
        }
    }
}
