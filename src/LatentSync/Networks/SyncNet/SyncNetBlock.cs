namespace LatentSync.Networks.SyncNet;

/// <summary>One level of a SyncNet encoder.</summary>
/// <param name="Channels">Channels of its output, a multiple of 32.</param>
/// <param name="Downsampling">By what it divides the size of the map.</param>
/// <param name="HasAttention">Whether an attention block follows.</param>
internal sealed record SyncNetBlock(int Channels, Downsampling Downsampling, bool HasAttention);
