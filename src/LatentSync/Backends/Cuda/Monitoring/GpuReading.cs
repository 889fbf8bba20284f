namespace LatentSync.Backends.Cuda.Monitoring;

/// <summary>Memory and load at one moment; sizes in bytes.</summary>
/// <param name="TotalBytes">All memory there is.</param>
/// <param name="UsedBytes">Memory that all programs and the driver hold.</param>
/// <param name="FreeBytes">Memory that is left.</param>
/// <param name="ProcessBytes">Memory of this process; null where that is not told, as in many containers and on Windows.</param>
/// <param name="Utilization">Percent of the last moments in which the card computed; null where that is not told.</param>
/// <param name="Temperature">Degrees Celsius; null where that is not told.</param>
internal sealed record GpuReading(long TotalBytes, long UsedBytes, long FreeBytes, long? ProcessBytes, int? Utilization, int? Temperature);
