namespace LatentSync.Backends.Cuda.Monitoring;

/// <summary>Stands in where there is no card: the working set of this process against the memory it may use.</summary>
internal sealed class ProcessMemoryProbe : IGpuProbe
{
    /// <inheritdoc/>
    public string Name => "main memory";

    /// <summary>Used is what this process uses; other processes are not counted.</summary>
    public GpuReading Read()
    {
        // Respects the limit of a container, unlike the size of the machine's memory.
        var total = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var used = Environment.WorkingSet;
        return new GpuReading(total, used, Math.Max(0, total - used), used, Utilization: null, Temperature: null);
    }

    /// <summary>Holds nothing.</summary>
    public void Dispose() { }
}
