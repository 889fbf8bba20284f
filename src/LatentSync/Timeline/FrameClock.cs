namespace LatentSync.Timeline;

/// <summary>How the times of a video's frames are counted, and about how many frames it has a second.</summary>
/// <param name="TicksPerSecond">Times are whole numbers of ticks.</param>
/// <param name="FramesPerSecond">As the file says; exact where the rate is a chosen one. It only sizes memories and looks ahead.</param>
internal readonly record struct FrameClock(int TicksPerSecond, double FramesPerSecond)
{
    /// <summary>25 frames per second, one tick each.</summary>
    public static FrameClock Model { get; } = Of(FrameRate.Model);

    /// <summary>Frames of the video while the models see one; 1 at least.</summary>
    public double FramesPerModelFrame => Math.Max(1, FramesPerSecond / FrameSchedule.FramesPerSecond);

    /// <summary>The clock of a constant rate: a frame is <see cref="FrameRate.Denominator"/> ticks.</summary>
    public static FrameClock Of(FrameRate rate) => new(rate.Numerator, rate.Value);

    /// <summary>The model's frame that is nearest to a time; of two the later one.</summary>
    public int ModelFrame(long ticks) => checked((int)((((Int128)ticks * 2 * FrameSchedule.FramesPerSecond) + TicksPerSecond) / (2 * (Int128)TicksPerSecond)));

    /// <summary>A time in frames of the model, at 25 per second.</summary>
    public double ModelFrames(long ticks) => (double)ticks * FrameSchedule.FramesPerSecond / TicksPerSecond;

    /// <summary>A time.</summary>
    public TimeSpan Time(long ticks) => TimeSpan.FromSeconds((double)ticks / TicksPerSecond);
}
