namespace LatentSync.Server.Engines;

/// <summary>Memory at one moment.</summary>
/// <param name="At">When.</param>
/// <param name="UsedBytes">Of a card: what all programs hold; without one: what the engine's process holds of the main memory.</param>
/// <param name="ProcessBytes">What the engine holds; null where that is not told.</param>
internal readonly record struct MemoryPoint(DateTimeOffset At, long UsedBytes, long? ProcessBytes);
