using LatentSync.Backends.Cuda.Memory;

namespace LatentSync.Backends.Cuda.Launching.Lists;

/// <summary>Sums of values and of their squares, for each channel of each chunk of each image's pixels: [image, chunk, channel, 2].</summary>
/// <param name="Buffer">Where they lie, float32.</param>
/// <param name="Images">Images.</param>
/// <param name="Channels">Channels.</param>
/// <param name="Chunks">Chunks of an image.</param>
internal sealed record ChannelSums(LaunchBuffer Buffer, int Images, int Channels, int Chunks)
{
    // A few blocks on each multiprocessor of a large card; more cost more to add up than they gain.
    private const int AimedBlocks = 512;
    private const int FewestPixels = 16;

    /// <summary>How many chunks an image of so many is cut into: enough blocks for a card, and pixels enough for a block.</summary>
    public static int ChunkCount(int images, int pixels) => Math.Clamp((AimedBlocks + images - 1) / images, 1, Math.Max(1, pixels / FewestPixels));

    /// <summary>Sums for a map, in a buffer of their own.</summary>
    public static ChannelSums For(LaunchMap map, string name, LaunchBufferKind kind)
    {
        var chunks = ChunkCount(map.Images, map.Pixels);
        var count = 2L * map.Images * chunks * map.Channels;
        return new ChannelSums(new LaunchBuffer(name, kind, DeviceDataType.Float32, count), map.Images, map.Channels, chunks);
    }
}
