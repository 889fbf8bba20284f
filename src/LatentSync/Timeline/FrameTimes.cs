namespace LatentSync;

/// <summary>
/// When the frames of a video are shown, exactly: whole numbers of ticks, the first frame at 0. Made of a constant rate, or
/// of a list.
/// </summary>
public sealed class FrameTimes
{
    private readonly IReadOnlyList<long>? _starts;
    private readonly int _ticksPerFrame;

    private FrameTimes(int ticksPerSecond, int count, IReadOnlyList<long>? starts, int ticksPerFrame, long duration) =>
        (TicksPerSecond, Count, _starts, _ticksPerFrame, Duration) = (ticksPerSecond, count, starts, ticksPerFrame, duration);

    /// <summary>Ticks of one second.</summary>
    public int TicksPerSecond { get; }

    /// <summary>Frames.</summary>
    public int Count { get; }

    /// <summary>Ticks until the last frame ends.</summary>
    public long Duration { get; }

    /// <summary>Ticks until a frame is shown; for <see cref="Count"/>, until the last one ends.</summary>
    public long this[int frame]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(frame);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(frame, Count);
            return frame == Count ? Duration : _starts?[frame] ?? (long)frame * _ticksPerFrame;
        }
    }

    /// <summary>Frames at a constant rate.</summary>
    /// <param name="rate">Frames per second.</param>
    /// <param name="count">Frames; at least 1.</param>
    public static FrameTimes Constant(FrameRate rate, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfZero(rate.Numerator, nameof(rate));
        return new FrameTimes(rate.Numerator, count, starts: null, rate.Denominator, (long)count * rate.Denominator);
    }

    /// <summary>Frames at given times.</summary>
    /// <param name="ticksPerSecond">Ticks of one second.</param>
    /// <param name="starts">When each frame is shown, in ticks: 0 first, then always later. Not copied.</param>
    /// <param name="duration">Ticks until the last frame ends.</param>
    /// <exception cref="ArgumentException">The times are not in order.</exception>
    public static FrameTimes Create(int ticksPerSecond, IReadOnlyList<long> starts, long duration)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ticksPerSecond);
        ArgumentNullException.ThrowIfNull(starts);
        for (var frame = 0; frame < starts.Count; frame++)
        {
            if (frame == 0 ? starts[0] != 0 : starts[frame] <= starts[frame - 1])
            {
                throw new ArgumentException(
                    Invariant($"The time of frame {frame}, {starts[frame]}, is not in order; the first must be 0 and each later than the one before."),
                    nameof(starts)
                );
            }
        }

        return starts.Count > 0 && duration > starts[^1]
            ? new FrameTimes(ticksPerSecond, starts.Count, starts, ticksPerFrame: 0, duration)
            : throw new ArgumentException("There is no frame, or the last one has no duration.", nameof(duration));
    }

    /// <summary>The number of frames that are shown before a time; all if the time is after the end.</summary>
    internal int CountBefore(long ticks)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = this[middle] < ticks ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
