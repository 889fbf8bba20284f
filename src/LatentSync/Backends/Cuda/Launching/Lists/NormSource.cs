namespace LatentSync.Backends.Cuda.Launching.Lists;

/// <summary>A map with its sums. If it has fewer images than another that it is used beside, they are used again and again.</summary>
/// <param name="Map">The map.</param>
/// <param name="Sums">Its sums.</param>
internal sealed record NormSource(LaunchMap Map, ChannelSums Sums);
