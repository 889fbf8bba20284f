namespace LatentSync.Server.Engines;

/// <summary>Memory and load of a card when its engine told of them last; sizes in bytes.</summary>
/// <param name="Device">The card.</param>
/// <param name="TotalBytes">What it has.</param>
/// <param name="UsedBytes">What all programs hold.</param>
/// <param name="FreeBytes">What is left.</param>
/// <param name="ProcessBytes">What the engine holds; null where that is not told.</param>
/// <param name="Utilization">Percent of the last moments in which it computed; null where that is not told.</param>
/// <param name="Temperature">Degrees Celsius; null where that is not told.</param>
/// <param name="At">When that was.</param>
internal sealed record CardMemory(
    string Device,
    long TotalBytes,
    long UsedBytes,
    long FreeBytes,
    long? ProcessBytes,
    int? Utilization,
    int? Temperature,
    DateTimeOffset At
);
