namespace LatentSync.Media.Write;

/// <summary>The last frame of a result, whose duration no packet tells unless it is written there.</summary>
/// <param name="Start">When it is shown, in ticks of the result's clock.</param>
/// <param name="End">When it ends, and the result with it.</param>
internal readonly record struct LastFrame(long Start, long End);
