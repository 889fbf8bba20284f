namespace LatentSync.Tests.Devices;

/// <summary>A clock with one timer, moved by hand. The timer's callback runs in <see cref="Advance"/>.</summary>
internal sealed class ManualTime : TimeProvider
{
    private TimeSpan _now;
    private TimeSpan _due;
    private TimeSpan _period;
    private Action _callback = () => { };

    public bool HasTimer { get; private set; }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        (_callback, _due, _period, HasTimer) = (() => callback(state), _now + dueTime, period, true);
        return new ManualTimer(this);
    }

    public void Advance(TimeSpan step)
    {
        _now += step;
        for (; HasTimer && _due <= _now; _due += _period)
        {
            _callback();
        }
    }

    /// <summary>Runs the callback although the timer is disposed of: a tick that was on its way.</summary>
    public void TickLate() => _callback();

    private sealed class ManualTimer(ManualTime time) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();

        public void Dispose() => time.HasTimer = false;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
