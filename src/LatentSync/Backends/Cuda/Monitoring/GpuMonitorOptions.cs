namespace LatentSync.Backends.Cuda.Monitoring;

/// <summary>How often memory is read, and when a warning is due.</summary>
internal sealed record GpuMonitorOptions
{
    /// <summary>The time between two readings; above zero.</summary>
    public TimeSpan Interval
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
            field = value;
        }
    } = TimeSpan.FromSeconds(2);

    /// <summary>Levels in GiB for the memory of this process, or of the whole card where that of the process is not told.</summary>
    public IReadOnlyList<double> WarningGibibytes { get; init; } = [15, 18];

    /// <summary>Levels as parts of the memory of the card, for what all programs use of it.</summary>
    public IReadOnlyList<double> WarningFractions { get; init; } = [0.85, 0.95];
}
