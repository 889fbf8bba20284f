using LatentSync.Backends.Cuda.Launching.Lists;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.Checkpoints.Config;
using LatentSync.Networks.Onnx;
using LatentSync.Networks.UNet;

namespace LatentSync.Backends.Cuda.Launching;

/// <summary>
/// The denoising UNet as launch lists. The feature that DeepCache keeps goes from the full step to the cached ones in
/// memory, and so do the keys and values of the sound, which the prelude computes once for a clip.
/// </summary>
internal sealed class UNetLaunchLists
{
    /// <summary>Named buffer: what the sampler feeds, [image, pixel, 13], float32.</summary>
    public const string Sample = UNetGraphs.Sample;

    /// <summary>Named buffer: the sound, [image * token, width], float32.</summary>
    public const string Audio = UNetGraphs.Audio;

    /// <summary>Named buffer: the predicted noise, [image, pixel, 4], float32; the silent half first.</summary>
    public const string NoisePrediction = UNetGraphs.NoisePrediction;

    /// <summary>Named buffer: the noise predicted without the sound, where that half is computed alone.</summary>
    public const string SilentNoisePrediction = "silent_" + UNetGraphs.NoisePrediction;

    /// <summary>Writes the lists.</summary>
    /// <param name="config">The network's layout.</param>
    /// <param name="type">float16, bfloat16 or float32.</param>
    /// <param name="shape">How the images belong together.</param>
    /// <param name="size">Rows and columns of the latents.</param>
    /// <param name="audioTokens">Audio tokens of a frame.</param>
    /// <param name="isSilent">Whether this is the half of a guided step that does not hear the sound, alone; its named buffers have other names.</param>
    /// <param name="taps">Inner values that the full step hands out as well, by the names the blocks have in the checkpoint; for tests.</param>
    public UNetLaunchLists(
        UNetConfig config,
        DeviceDataType type,
        LaunchShape shape,
        int size,
        int audioTokens,
        bool isSilent = false,
        IReadOnlyCollection<string>? taps = null
    )
    {
        var (feature, noise) = isSilent ? ("silent_" + UNetGraphs.Feature, SilentNoisePrediction) : (UNetGraphs.Feature, NoisePrediction);
        Layout = new UNetLayout(config, size);
        TimeWidth = Layout.Layers.Sum(layer => layer.OutChannels);
        var prelude = new LaunchWriter(type);
        Full = Write("full step", prelude, taps ?? [], (dialect, blocks, input) =>
        {
            var (skip, audio) = (blocks.InputConvolution(input), Sound(dialect));
            var deep = UNetGraphs.DescribeDeep(blocks, config, skip, TimeValue, audio);
            dialect.Keep(feature, deep);
            return UNetGraphs.DescribeShallow(blocks, config, deep, skip, TimeValue, audio);
        });
        Prelude = prelude.Build("sound");
        Cached = Write("cached step", new LaunchWriter(type), [], (dialect, blocks, input) =>
        {
            var deep = dialect.KeptMap(feature, Layout.Shallow.Channels, size);
            return UNetGraphs.DescribeShallow(blocks, config, deep, blocks.InputConvolution(input), TimeValue, Sound(dialect));
        });

        Value? Sound(LaunchDialect dialect) => isSilent ? null : dialect.TokenInput(Audio, -1, audioTokens, config.CrossAttentionDim);

        LaunchList Write(string name, LaunchWriter sound, IReadOnlyCollection<string> handedOut, Func<LaunchDialect, UNetBlocks, Value, Value> describe)
        {
            var writer = new LaunchWriter(type);
            var dialect = new LaunchDialect(writer, sound, shape) { TimeWidth = TimeWidth, TimeOffset = TimeOffset };
            var input = dialect.MapInput(Sample, config.InChannels, size, size);
            dialect.MapOutput(noise, describe(dialect, new UNetBlocks(dialect, config, shape.Clips, handedOut), input));
            return writer.Build(name);
        }
    }

    /// <summary>The layers, in the order of their rows in the time buffer.</summary>
    public UNetLayout Layout { get; }

    /// <summary>Numbers in the buffer <see cref="LaunchDialect.Time"/>: a row for each resnet.</summary>
    public int TimeWidth { get; }

    /// <summary>Once for a clip: keys and values of the sound, for all layers.</summary>
    public LaunchList Prelude { get; }

    /// <summary>A step that computes everything.</summary>
    public LaunchList Full { get; }

    /// <summary>A step that takes the feature from the last full one.</summary>
    public LaunchList Cached { get; }

    // The dialect takes the projections of the time ready made.
    private static Value TimeValue { get; } = new("time", 1, 1);

    private int TimeOffset(string projection) =>
        Layout.Layers.TakeWhile(layer => !projection.StartsWith(layer.Resnet + ".", StringComparison.Ordinal)).Sum(layer => layer.OutChannels);
}
