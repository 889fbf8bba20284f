using LatentSync.Checkpoints;
using LatentSync.Networks.Dialects;

namespace LatentSync.Networks.UNet;

/// <summary>
/// The blocks of the Stable Diffusion 1.x UNet inflated over the frames of a clip, with a motion module after every
/// resnet or resnet and attention. Names are those of the public checkpoint.
/// </summary>
internal sealed class UNetBlocks(NetworkDialect dialect, UNetConfig config, int clips, IReadOnlyCollection<string> taps)
{
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
    public Value InputConvolution(Value sample) =>
        Tap("conv_in", dialect.Convolution(sample, "conv_in", config.BlockOutChannels[0], 3, 1, Padding.One));

    /// <summary>A down block; pushes what the up blocks will join in again.</summary>
    public Value Down(int level, Value hidden, Value time, Value audio, Stack<Value> skips)
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
            hidden = dialect.Convolution(hidden, block + ".downsamplers.0.conv", channels, 3, 2, Padding.One);
            skips.Push(hidden);
        }

        return Tap(block, hidden);
    }

    /// <summary>Resnet, attention, resnet at the smallest size.</summary>
    public Value Middle(Value hidden, Value time, Value audio)
    {
        var channels = config.BlockOutChannels[^1];
        hidden = Resnet("mid_block.resnets.0", channels, hidden, time);
        hidden = SpatialTransformer("mid_block.attentions.0", hidden, audio);
        hidden = Resnet("mid_block.resnets.1", channels, hidden, time);
        return Tap("mid_block", hidden);
    }

    /// <summary>A whole up block with its up-sampling; pops its skips.</summary>
    public Value Up(int level, Value hidden, Value time, Value audio, Stack<Value> skips)
    {
        var block = Invariant($"up_blocks.{level}");
        for (var layer = 0; layer <= config.LayersPerBlock; layer++)
        {
            hidden = UpLayer(level, layer, dialect.Concatenate(hidden, skips.Pop()), time, audio);
        }

        hidden = dialect.Convolution(
            dialect.UpsampleNearest(hidden), block + ".upsamplers.0.conv", UpChannels(level), 3, 1, Padding.One);
        return Tap(block, hidden);
    }

    /// <summary>One layer of an up block, after the skip has been joined.</summary>
    public Value UpLayer(int level, int layer, Value joined, Value time, Value audio) =>
        Layer(Invariant($"up_blocks.{level}"), layer, UpChannels(level), config.UpBlocks[level], MotionInUpBlock(level), joined, time, audio);

    /// <summary>Norm, SiLU and the output convolution.</summary>
    public Value Output(Value hidden)
    {
        hidden = dialect.Silu(dialect.GroupNorm(hidden, "conv_norm_out", config.NormGroups, (float)config.NormEpsilon, clips));
        return dialect.Convolution(hidden, "conv_out", config.OutChannels, 3, 1, Padding.One);
    }

    private int UpChannels(int level) => config.BlockOutChannels[^(level + 1)];

    private bool MotionInUpBlock(int level) => config.MotionModule?.InUpBlock(level, config.BlockOutChannels.Count) == true;

    private Value Layer(string block, int layer, int channels, UNetBlockKind kind, bool motion, Value hidden, Value time, Value audio)
    {
        hidden = Resnet(Invariant($"{block}.resnets.{layer}"), channels, hidden, time);
        if (kind == UNetBlockKind.CrossAttention)
        {
            hidden = SpatialTransformer(Invariant($"{block}.attentions.{layer}"), hidden, audio);
        }

        return motion ? MotionModule(Invariant($"{block}.motion_modules.{layer}"), hidden) : hidden;
    }

    private Value Resnet(string name, int channels, Value hidden, Value time)
    {
        var normed = dialect.Silu(dialect.GroupNorm(hidden, name + ".norm1", config.NormGroups, (float)config.NormEpsilon, clips));
        var inner = dialect.Convolution(normed, name + ".conv1", channels, 3, 1, Padding.One);
        inner = dialect.AddVector(inner, dialect.Linear(dialect.Silu(time), name + ".time_emb_proj", channels, bias: true));
        inner = dialect.Silu(dialect.GroupNorm(inner, name + ".norm2", config.NormGroups, (float)config.NormEpsilon, clips));
        inner = dialect.Convolution(inner, name + ".conv2", channels, 3, 1, Padding.One);
        var shortcut = hidden[1] == channels ? hidden : dialect.Convolution(hidden, name + ".conv_shortcut", channels, 1, 1, Padding.None);
        return Tap(name, dialect.Add(shortcut, inner));
    }

    private Value SpatialTransformer(string name, Value hidden, Value audio)
    {
        var channels = hidden[1];
        var block = name + ".transformer_blocks.0";
        var normed = dialect.GroupNorm(hidden, name + ".norm", config.NormGroups, UNetConstants.TransformerNormEpsilon, clips: null);
        var tokens = dialect.SpatialTokens(dialect.Convolution(normed, name + ".proj_in", channels, 1, 1, Padding.None));

        var query = dialect.LayerNorm(tokens, block + ".norm1");
        tokens = dialect.Add(tokens, Attention(block + ".attn1", query, query, config.HeadCount));
        query = dialect.LayerNorm(tokens, block + ".norm2");
        tokens = dialect.Add(tokens, Attention(block + ".attn2", query, audio, config.HeadCount));
        tokens = dialect.Add(tokens, FeedForward(block + ".ff", dialect.LayerNorm(tokens, block + ".norm3")));

        var map = dialect.FromSpatialTokens(tokens, hidden[2], hidden[3]);
        map = dialect.Convolution(map, name + ".proj_out", channels, 1, 1, Padding.None);
        return Tap(name, dialect.Add(map, hidden));
    }

    private Value MotionModule(string name, Value hidden)
    {
        var settings = config.MotionModule!;
        var channels = hidden[1];
        var transformer = name + ".temporal_transformer";
        var block = transformer + ".transformer_blocks.0";
        var normed = dialect.GroupNorm(hidden, transformer + ".norm", config.NormGroups, UNetConstants.TransformerNormEpsilon, clips: null);
        var tokens = dialect.Linear(dialect.TemporalTokens(normed, clips), transformer + ".proj_in", channels, bias: true);
        for (var i = 0; i < settings.AttentionCount; i++)
        {
            var attention = Invariant($"{block}.attention_blocks.{i}");
            var query = dialect.LayerNorm(tokens, Invariant($"{block}.norms.{i}"));
            query = dialect.AddPositions(query, attention + ".pos_encoder.pe", settings.MaxPositions);
            tokens = dialect.Add(tokens, Attention(attention, query, query, settings.HeadCount));
        }

        tokens = dialect.Add(tokens, FeedForward(block + ".ff", dialect.LayerNorm(tokens, block + ".ff_norm")));
        tokens = dialect.Linear(tokens, transformer + ".proj_out", channels, bias: true);
        return Tap(name, dialect.Add(dialect.FromTemporalTokens(tokens, clips, hidden[2], hidden[3]), hidden));
    }

    private Value Attention(string name, Value query, Value context, int heads)
    {
        var width = query[^1];
        var attended = dialect.Attention(
            dialect.Linear(query, name + ".to_q", width, bias: false),
            dialect.Linear(context, name + ".to_k", width, bias: false),
            dialect.Linear(context, name + ".to_v", width, bias: false),
            heads);
        return dialect.Linear(attended, name + ".to_out.0", width, bias: true);
    }

    private Value FeedForward(string name, Value tokens)
    {
        var width = tokens[^1];
        var inner = UNetConstants.FeedForwardExpansion * width;
        var gated = dialect.GatedGelu(dialect.Linear(tokens, name + ".net.0.proj", 2 * inner, bias: true));
        return dialect.Linear(gated, name + ".net.2", width, bias: true);
    }

    private Value Tap(string name, Value value)
    {
        if (taps.Contains(name, StringComparer.Ordinal))
        {
            dialect.MapOutput(name, value);
        }

        return value;
    }
}
