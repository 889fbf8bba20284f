namespace LatentSync.Backends.Cuda.Memory;

/// <summary>What lists have to know of the device that will play them.</summary>
/// <param name="Type">Type of maps, tokens and weights: float16, bfloat16 or float32.</param>
/// <param name="FusedGateChannels">
/// Channels on which one kernel computes the first layer of a feed-forward layer with its GEGLU, for rows in multiples of 256; 0 if
/// the device has none.
/// </param>
internal sealed record DeviceTraits(DeviceDataType Type, int FusedGateChannels = 0);
