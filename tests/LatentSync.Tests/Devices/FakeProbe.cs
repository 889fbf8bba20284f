using LatentSync.Backends.Cuda.Monitoring;

namespace LatentSync.Tests.Devices;

/// <summary>A card of 20 GiB whose readings a test sets.</summary>
internal sealed class FakeProbe : IGpuProbe
{
    public const long Gibibyte = 1L << 30;

    public string Name => "Fake card";

    public int Reads { get; private set; }

    /// <summary>Makes the next readings fail with these words.</summary>
    public string? Failure { get; set; }

    public GpuReading Next { get; set; } = Card(1, 1);

    public static GpuReading Card(double used, double? process, int? utilization = null, int? temperature = null) =>
        new(
            20 * Gibibyte,
            (long)(used * Gibibyte),
            (long)((20 - used) * Gibibyte),
            process is { } own ? (long)(own * Gibibyte) : null,
            utilization,
            temperature
        );

    public GpuReading Read()
    {
        Reads++;
        return Failure is null ? Next : throw new GpuProbeException($"{Failure}");
    }

    public void Dispose() => Failure = "the probe is disposed of";
}
