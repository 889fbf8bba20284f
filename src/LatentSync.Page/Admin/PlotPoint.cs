namespace LatentSync.Page.Admin;

/// <summary>A point of a plot over time.</summary>
/// <param name="Age">Seconds before now.</param>
/// <param name="Bytes">What all programs use.</param>
/// <param name="OwnBytes">What the engine uses; null where that is not told or is the same.</param>
public readonly record struct PlotPoint(double Age, long Bytes, long? OwnBytes);
