using LatentSync.Checkpoints.Config;
using LatentSync.Networks.Dialects;
using LatentSync.Networks.Onnx;

namespace LatentSync.Networks.UNet;

/// <summary>
/// The blocks of the Stable Diffusion 1.x UNet inflated over the frames of a clip, with a motion module after every
/// resnet or resnet and attention. Names are those of the public checkpoint.
/// </summary>
internal sealed class UNetBlocks(NetworkDialect dialect, UNetConfig config, int clips, IReadOnlyCollection<string> taps)
{
    private const string ToOut = ".to_out.0";
    private const string Temporal = ".temporal_transformer";

    /// <summary>What the blocks are written with.</summary>
    public NetworkDialect Dialect => dialect;

    /// <summary>[1, C] features of the timestep -> [1, 4 C].</summary>
    public Value TimeEmbedding(Value features)
    {
        var width = 4 * config.BlockOutChannels[0];
        var hidden = dialect.Silu(dialect.Linear(features, "time_embedding.linear_1", width, bias: true));
        return dialect.Linear(hidden, "time_embedding.linear_2", width, bias: true);
    }

    /// <summary>Sample -> first block's channels.</summary>
    public Value InputConvolution(Value sample) => Tap("conv_in", dialect.Convolution(sample, "conv_in", config.BlockOutChannels[0], 3, 1, Padding.One));

    /// <summary>A down block; pushes what the up blocks will join in again.</summary>
    public Value Down(int level, Value hidden, Value time, Value? audio, Stack<Value> skips)
    {
        var channels = config.BlockOutChannels[level];
        var block = Invariant($"down_blocks.{level}");
        for (var layer = 0; layer < config.LayersPerBlock; layer++)
        {
            hidden = Layer(block, layer, channels, config.DownBlocks[level], config.MotionModule?.InDownBlock(level) == true, hidden, time, audio);
            skips.Push(hidden);
        }

        if (level < config.BlockOutChannels.Count - 1)
        {
            hidden = Downsample(block, channels, hidden);
            skips.Push(hidden);
        }

        return Tap(block, hidden);
    }

    /// <summary>Resnet, attention, resnet at the smallest size.</summary>
    public Value Middle(Value hidden, Value time, Value? audio)
    {
        var channels = config.BlockOutChannels[^1];
        hidden = Resnet("mid_block.resnets.0", channels, hidden, time);
        hidden = SpatialTransformer("mid_block.attentions.0", hidden, audio);
        hidden = Resnet("mid_block.resnets.1", channels, hidden, time);
        return Tap("mid_block", hidden);
    }

    /// <summary>A whole up block with its up-sampling; pops its skips.</summary>
    public Value Up(int level, Value hidden, Value time, Value? audio, Stack<Value> skips)
    {
        var block = Invariant($"up_blocks.{level}");
        for (var layer = 0; layer <= config.LayersPerBlock; layer++)
        {
            hidden = UpLayer(level, layer, dialect.Concatenate(hidden, skips.Pop()), time, audio);
        }

        return Tap(block, Upsample(block, UpChannels(level), hidden));
    }

    /// <summary>One layer of an up block, after the skip has been joined.</summary>
    public Value UpLayer(int level, int layer, Value joined, Value time, Value? audio) =>
        Layer(Invariant($"up_blocks.{level}"), layer, UpChannels(level), config.UpBlocks[level], MotionInUpBlock(level), joined, time, audio);

    /// <summary>Norm, SiLU and the output convolution.</summary>
    public Value Output(Value hidden)
    {
        return dialect.Convolution(NormSilu("conv_norm_out", hidden), "conv_out", config.OutChannels, 3, 1, Padding.One);
    }

    private int UpChannels(int level) => config.BlockOutChannels[^(level + 1)];

    private bool MotionInUpBlock(int level) => config.MotionModule?.InUpBlock(level, config.BlockOutChannels.Count) == true;

    private Value Layer(string block, int layer, int channels, UNetBlockKind kind, bool motion, Value hidden, Value time, Value? audio)
    {
        hidden = Resnet(Invariant($"{block}.resnets.{layer}"), channels, hidden, time);
        if (kind == UNetBlockKind.CrossAttention)
        {
            hidden = SpatialTransformer(Invariant($"{block}.attentions.{layer}"), hidden, audio);
        }

        return motion ? MotionModule(Invariant($"{block}.motion_modules.{layer}"), hidden) : hidden;
    }

    /// <summary>Norm, convolution with the time, norm, convolution, plus the input.</summary>
    public Value Resnet(string name, int channels, Value hidden, Value time)
    {
        var normed = NormSilu(name + ".norm1", hidden);
        var inner = dialect.TimeConvolution(normed, name + ".conv1", channels, time, name + ".time_emb_proj");
        inner = NormSilu(name + ".norm2", inner);
        var shortcut = hidden[1] == channels ? hidden : dialect.Convolution(hidden, name + ".conv_shortcut", channels, 1, 1, Padding.None);
        return Tap(name, dialect.AddConvolution(inner, name + ".conv2", shortcut));
    }

    /// <summary>Attention over the pixels of each image and to its audio, and a feed-forward layer.</summary>
    /// <param name="name">Name of the transformer.</param>
    /// <param name="hidden">A map.</param>
    /// <param name="audio">
    /// The audio tokens. Null stands for tokens of zeros: keys and values have no bias, so that attending to zeros gives
    /// zeros, and only the bias of the output projection is left.
    /// </param>
    public Value SpatialTransformer(string name, Value hidden, Value? audio)
    {
        var block = name + ".transformer_blocks.0";
        var (attention, cross) = (block + ".attn1", block + ".attn2");
        var normed = dialect.GroupNorm(hidden, name + ".norm", config.NormGroups, UNetConstants.TransformerNormEpsilon, clips: null);
        var (tokens, query) = dialect.PointwiseNorm(normed, name + ".proj_in", block + ".norm1");
        var attended = Attend(attention, query, query, config.HeadCount);
        if (audio is null)
        {
            (tokens, query) = dialect.AddLinearNorm(attended, attention + ToOut, tokens, block + ".norm3", cross + ToOut);
        }
        else
        {
            (tokens, query) = dialect.AddLinearNorm(attended, attention + ToOut, tokens, block + ".norm2");
            (tokens, query) = dialect.AddLinearNorm(Attend(cross, dialect.Hearing(query), audio, config.HeadCount), cross + ToOut, tokens, block + ".norm3");
        }

        tokens = FeedForward(block + ".ff", query, tokens);
        return Tap(name, dialect.AddPointwise(tokens, name + ".proj_out", hidden));
    }

    /// <summary>The first part of a motion module: norm, and the frames at each pixel as tokens.</summary>
    public Value MotionTokens(string name, Value hidden) =>
        dialect.TemporalTokens(
            dialect.GroupNorm(hidden, name + Temporal + ".norm", config.NormGroups, UNetConstants.TransformerNormEpsilon, clips: null),
            clips
        );

    /// <summary>The middle of a motion module: attention between the frames, pixel by pixel.</summary>
    /// <param name="name">Name of the module.</param>
    /// <param name="tokens">Temporal tokens.</param>
    /// <param name="pixels">The number of pixels is a multiple of this.</param>
    public Value MotionTransformer(string name, Value tokens, int pixels)
    {
        var settings = config.MotionModule!;
        var transformer = name + Temporal;
        var block = transformer + ".transformer_blocks.0";
        (tokens, var query) = dialect.LinearNorm(tokens, transformer + ".proj_in", block + ".norms.0");
        for (var i = 0; i < settings.AttentionCount; i++)
        {
            var attention = Invariant($"{block}.attention_blocks.{i}");
            var next = i + 1 < settings.AttentionCount ? Invariant($"{block}.norms.{i + 1}") : block + ".ff_norm";
            query = dialect.AddPositions(query, attention + ".pos_encoder.pe", settings.MaxPositions);
            (tokens, query) = dialect.AddLinearNorm(Attend(attention, query, query, settings.HeadCount, pixels), attention + ToOut, tokens, next);
        }

        return FeedForward(block + ".ff", query, tokens);
    }

    /// <summary>The end of a motion module: back to a map, plus the module's input.</summary>
    public Value AddMotion(string name, Value tokens, Value hidden) => Tap(name, dialect.AddTemporal(tokens, name + Temporal + ".proj_out", clips, hidden));

    /// <summary>The convolution that halves the size at the end of a down block.</summary>
    public Value Downsample(string block, int channels, Value hidden) =>
        dialect.Convolution(hidden, block + ".downsamplers.0.conv", channels, 3, 2, Padding.One);

    /// <summary>Repeated pixels and a convolution at the end of an up block.</summary>
    public Value Upsample(string block, int channels, Value hidden) =>
        dialect.Convolution(dialect.UpsampleNearest(hidden), block + ".upsamplers.0.conv", channels, 3, 1, Padding.One);

    private Value NormSilu(string name, Value hidden) => dialect.GroupNormSilu(hidden, name, config.NormGroups, (float)config.NormEpsilon, clips);

    private Value MotionModule(string name, Value hidden) =>
        AddMotion(name, MotionTransformer(name, MotionTokens(name, hidden), hidden[2] * hidden[3]), hidden);

    /// <summary>Attention without its output projection.</summary>
    private Value Attend(string name, Value query, Value context, int heads, int? pixels = null)
    {
        var width = query[^1];
        var (queries, keys, values) = (
            dialect.Linear(query, name + ".to_q", width, bias: false),
            dialect.Linear(context, name + ".to_k", width, bias: false),
            dialect.Linear(context, name + ".to_v", width, bias: false)
        );
        return pixels is { } count ? dialect.TemporalAttention(queries, keys, values, heads, count) : dialect.Attention(queries, keys, values, heads);
    }

    private Value FeedForward(string name, Value normed, Value tokens) =>
        dialect.AddLinear(dialect.GatedGeluLinear(normed, name + ".net.0.proj", UNetConstants.FeedForwardExpansion * tokens[^1]), name + ".net.2", tokens);

    private Value Tap(string name, Value value)
    {
        if (taps.Contains(name, StringComparer.Ordinal))
        {
            dialect.MapOutput(name, value);
        }

        return value;
    }
}
