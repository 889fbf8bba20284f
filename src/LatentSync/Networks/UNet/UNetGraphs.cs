using LatentSync.Checkpoints.Config;
using LatentSync.Networks.Dialects;
using LatentSync.Networks.Onnx;

namespace LatentSync.Networks.UNet;

/// <summary>
/// The two graphs of the denoising UNet. DeepCache re-uses the deep part of one step in the next steps; so the network
/// is cut there: the deep part runs only on full steps, the shallow one on every step. No weight but the input convolution's and
/// the time embedding's is in both.
/// </summary>
internal static class UNetGraphs
{
    /// <summary>Input: noisy latents, mask, masked-image and reference latents, [clips * frames, 13, height, width].</summary>
    public const string Sample = "sample";

    /// <summary>Input: sinusoidal features of the timestep, [1, first block's channels]; see <see cref="TimestepFeatures"/>.</summary>
    public const string Timestep = "timestep_features";

    /// <summary>Input: audio tokens, [clips * frames, tokens, cross-attention width].</summary>
    public const string Audio = "audio";

    /// <summary>The hidden state that enters the last resnet, [clips * frames, first block's channels, height, width].</summary>
    public const string Feature = "deepcache_feature";

    /// <summary>Output: the predicted noise, [clips * frames, 4, height, width].</summary>
    public const string NoisePrediction = "noise_prediction";

    /// <summary>Output of <see cref="TimeEmbedding"/>: [1, 4 * first block's channels].</summary>
    public const string Embedding = "time_embedding";

    /// <summary>The time embedding alone.</summary>
    public static NetworkGraph TimeEmbedding(DialectFactory newDialect, UNetConfig config)
    {
        var graph = new GraphWriter("unet_time_embedding");
        var dialect = newDialect(graph);
        var features = dialect.VectorInput(Timestep, config.BlockOutChannels[0]);
        dialect.TokenOutput(Embedding, new UNetBlocks(dialect, config, clips: 1, []).TimeEmbedding(features));
        return graph.Build();
    }

    /// <summary>Everything from the input to the hidden state that enters the last resnet.</summary>
    /// <param name="newDialect">The kind of device the graph is for.</param>
    /// <param name="config">The network's layout.</param>
    /// <param name="shape">Sizes that are fixed in the graph.</param>
    /// <param name="taps">Inner values to hand out as well, by the names the blocks have in the checkpoint; for tests.</param>
    public static NetworkGraph Deep(DialectFactory newDialect, UNetConfig config, UNetShape shape, IReadOnlyCollection<string>? taps = null)
    {
        var graph = new GraphWriter("unet_deep");
        var dialect = newDialect(graph);
        var blocks = new UNetBlocks(dialect, config, shape.Clips, taps ?? []);
        var inputs = Inputs(dialect, config, shape, blocks);

        var hidden = DescribeDeep(blocks, config, blocks.InputConvolution(inputs.Sample), inputs.Time, inputs.Audio);
        dialect.MapOutput(Feature, hidden);
        return graph.Build();
    }

    /// <summary>The last layer of the last up block and the output convolution.</summary>
    public static NetworkGraph Shallow(DialectFactory newDialect, UNetConfig config, UNetShape shape)
    {
        var graph = new GraphWriter("unet_shallow");
        var dialect = newDialect(graph);
        var blocks = new UNetBlocks(dialect, config, shape.Clips, []);
        var inputs = Inputs(dialect, config, shape, blocks);
        var feature = dialect.MapInput(Feature, config.BlockOutChannels[0], shape.Height, shape.Width);

        dialect.MapOutput(NoisePrediction, DescribeShallow(blocks, config, feature, blocks.InputConvolution(inputs.Sample), inputs.Time, inputs.Audio));
        return graph.Build();
    }

    /// <summary>The deep part in the words of a dialect, after the input convolution.</summary>
    /// <returns>The hidden state that enters the last resnet.</returns>
    public static Value DescribeDeep(UNetBlocks blocks, UNetConfig config, Value hidden, Value time, Value? audio)
    {
        var skips = new Stack<Value>([hidden]);
        var levels = config.BlockOutChannels.Count;
        for (var level = 0; level < levels; level++)
        {
            hidden = blocks.Down(level, hidden, time, audio, skips);
        }

        hidden = blocks.Middle(hidden, time, audio);
        for (var level = 0; level < levels - 1; level++)
        {
            hidden = blocks.Up(level, hidden, time, audio, skips);
        }

        for (var layer = 0; layer < config.LayersPerBlock; layer++)
        {
            hidden = blocks.UpLayer(levels - 1, layer, blocks.Dialect.Concatenate(hidden, skips.Pop()), time, audio);
        }

        return hidden;
    }

    /// <summary>The shallow part in the words of a dialect.</summary>
    /// <param name="blocks">The blocks.</param>
    /// <param name="config">The network's layout.</param>
    /// <param name="feature">The hidden state that enters the last resnet.</param>
    /// <param name="skip">The input convolution of this step.</param>
    /// <param name="time">The time embedding.</param>
    /// <param name="audio">The audio tokens; null for silence.</param>
    /// <returns>The predicted noise.</returns>
    public static Value DescribeShallow(UNetBlocks blocks, UNetConfig config, Value feature, Value skip, Value time, Value? audio) =>
        blocks.Output(blocks.UpLayer(config.BlockOutChannels.Count - 1, config.LayersPerBlock, blocks.Dialect.Concatenate(feature, skip), time, audio));

    private static (Value Sample, Value Time, Value Audio) Inputs(NetworkDialect dialect, UNetConfig config, UNetShape shape, UNetBlocks blocks)
    {
        var sample = dialect.MapInput(Sample, config.InChannels, shape.Height, shape.Width);
        var timestep = dialect.VectorInput(Timestep, config.BlockOutChannels[0]);
        var audio = dialect.TokenInput(Audio, -1, shape.AudioTokens, config.CrossAttentionDim);
        return (sample, blocks.TimeEmbedding(timestep), audio);
    }
}
