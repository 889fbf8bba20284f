using LatentSync.Networks.Dialects;
using LatentSync.Networks.Onnx;

namespace LatentSync.Networks.SyncNet;

/// <summary>
/// The encoders of LatentSync's StableSyncNet: residual blocks that shrink the map to one pixel, some followed by
/// attention. Both have the same form.
/// </summary>
internal sealed class SyncNetGraphs
{
    /// <summary>Input: [windows, channels, height, width] of the encoder.</summary>
    public const string Window = "window";

    /// <summary>Output: [windows, embedding width, 1, 1]; not negative, not scaled to length 1 yet.</summary>
    public const string Embedding = "embedding";

    private const float NormEpsilon = 1e-6f;
    private const int Heads = 8;
    private const int FeedForwardExpansion = 4;

    private readonly NetworkDialect _dialect;

    private SyncNetGraphs(NetworkDialect dialect) => _dialect = dialect;

    /// <summary>Windows to embeddings.</summary>
    public static NetworkGraph Encoder(DialectFactory newDialect, SyncNetEncoder encoder)
    {
        var graph = new GraphWriter("syncnet_" + encoder.Name);
        var dialect = newDialect(graph);
        var window = dialect.MapInput(Window, encoder.InChannels, encoder.Height, encoder.Width);
        dialect.MapOutput(Embedding, new SyncNetGraphs(dialect).Encode(encoder, window));
        return graph.Build();
    }

    private Value Encode(SyncNetEncoder encoder, Value hidden)
    {
        hidden = _dialect.Convolution(hidden, encoder.Name + ".conv_in", encoder.Blocks[0].Channels, 3, 1, Padding.One);

        // Residual and attention blocks are numbered in one row.
        var index = 0;
        foreach (var block in encoder.Blocks)
        {
            hidden = Resnet(Invariant($"{encoder.Name}.down_blocks.{index++}"), block, hidden);
            if (block.HasAttention)
            {
                hidden = Attention(Invariant($"{encoder.Name}.down_blocks.{index++}"), hidden);
            }
        }

        return _dialect.Relu(Norm(encoder.Name + ".norm_out", hidden));
    }

    private Value Resnet(string name, SyncNetBlock block, Value hidden)
    {
        var channels = block.Channels;
        var inner = _dialect.Convolution(_dialect.Silu(Norm(name + ".norm1", hidden)), name + ".conv1", channels, 3, 1, Padding.One);
        inner = _dialect.Convolution(_dialect.Silu(Norm(name + ".norm2", inner)), name + ".conv2", channels, 3, 1, Padding.One);
        var shortcut = hidden[1] == channels ? hidden : _dialect.Convolution(hidden, name + ".conv_shortcut", channels, 1, 1, Padding.None);
        var sum = _dialect.Add(inner, shortcut);
        var (down, across) = block.Downsampling;
        return block.Downsampling.IsNone ? sum : _dialect.Convolution(sum, name + ".downsample_conv", channels, 3, (down, across), block.Downsampling.Padding);
    }

    /// <summary>Attention over all pixels and a gated feed-forward, between two 1x1 convolutions, plus the input.</summary>
    private Value Attention(string name, Value hidden)
    {
        var width = hidden[1];
        var tokens = _dialect.SpatialTokens(_dialect.Convolution(Norm(name + ".norm1", hidden), name + ".conv_in", width, 1, 1, Padding.None));

        var normed = _dialect.LayerNorm(tokens, name + ".norm2");
        var attended = _dialect.Attention(Linear("to_q"), Linear("to_k"), Linear("to_v"), Heads);
        tokens = _dialect.Add(_dialect.Linear(attended, name + ".attn.to_out.0", width, bias: true), tokens);

        normed = _dialect.LayerNorm(tokens, name + ".norm3");
        var gated = _dialect.GatedGelu(_dialect.Linear(normed, name + ".ff.net.0.proj", 2 * FeedForwardExpansion * width, bias: true));
        tokens = _dialect.Add(_dialect.Linear(gated, name + ".ff.net.2", width, bias: true), tokens);

        var map = _dialect.FromSpatialTokens(tokens, hidden[2], hidden[3]);
        return _dialect.Add(_dialect.Convolution(map, name + ".conv_out", width, 1, 1, Padding.None), hidden);

        Value Linear(string part) => _dialect.Linear(normed, $"{name}.attn.{part}", width, bias: true);
    }

    private Value Norm(string name, Value hidden) => _dialect.GroupNorm(hidden, name, SyncNetEncoder.NormGroups, NormEpsilon, clips: null);
}
