namespace LatentSync.Backends.Cuda.Monitoring;

/// <summary>The highest values so far, each of its own moment; null where nothing was told. Sizes in bytes.</summary>
/// <param name="ProcessBytes">Memory of this process.</param>
/// <param name="UsedBytes">Memory used by all programs.</param>
/// <param name="Utilization">Load in percent.</param>
/// <param name="Temperature">Degrees Celsius.</param>
internal sealed record GpuPeaks(long? ProcessBytes, long? UsedBytes, int? Utilization, int? Temperature)
{
    /// <summary>Before any reading.</summary>
    public static GpuPeaks None { get; } = new(null, null, null, null);

    /// <summary>The peaks after one more reading.</summary>
    public GpuPeaks With(GpuReading reading) =>
        new(
            Higher(ProcessBytes, reading.ProcessBytes),
            Higher(UsedBytes, reading.UsedBytes),
            Higher(Utilization, reading.Utilization),
            Higher(Temperature, reading.Temperature)
        );

    private static T? Higher<T>(T? first, T? second)
        where T : struct, IComparable<T> =>
        first is not { } left ? second
        : second is not { } right ? first
        : left.CompareTo(right) >= 0 ? left
        : right;
}
