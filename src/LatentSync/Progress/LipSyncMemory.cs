namespace LatentSync;

/// <summary>Memory and load of a graphics card at one moment; sizes in bytes.</summary>
/// <param name="Device">The card, such as "NVIDIA GeForce RTX 4070".</param>
/// <param name="TotalBytes">All memory it has.</param>
/// <param name="UsedBytes">Memory that all programs and the driver hold.</param>
/// <param name="FreeBytes">Memory that is left.</param>
/// <param name="ProcessBytes">Memory of this process; null where that is not told, as in many containers and on Windows.</param>
/// <param name="Utilization">Percent of the last moments in which the card computed; null where that is not told.</param>
/// <param name="Temperature">Degrees Celsius; null where that is not told.</param>
public sealed record LipSyncMemory(string Device, long TotalBytes, long UsedBytes, long FreeBytes, long? ProcessBytes, int? Utilization, int? Temperature);
