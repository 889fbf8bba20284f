using LatentSync.Checkpoints.Config;
using LatentSync.Networks.Dialects;
using LatentSync.Networks.Onnx;

namespace LatentSync.Networks.Vae;

/// <summary>The blocks that the VAE's encoder and decoder share.</summary>
internal sealed class VaeBlocks(NetworkDialect dialect, VaeConfig config)
{
    private const float NormEpsilon = 1e-6f;

    /// <summary>Norm, SiLU, convolution, twice, plus the input.</summary>
    public Value Resnet(string name, int channels, Value hidden)
    {
        var inner = dialect.Convolution(NormSilu(name + ".norm1", hidden), name + ".conv1", channels, 3, 1, Padding.One);
        inner = NormSilu(name + ".norm2", inner);
        var shortcut = hidden[1] == channels ? hidden : dialect.Convolution(hidden, name + ".conv_shortcut", channels, 1, 1, Padding.None);
        return dialect.AddConvolution(inner, name + ".conv2", shortcut);
    }

    /// <summary>Resnet, single-head attention over all pixels, resnet.</summary>
    public Value Middle(string name, Value hidden)
    {
        var channels = hidden[1];
        hidden = Resnet(name + ".resnets.0", channels, hidden);
        hidden = Attention(name + ".attentions.0", hidden);
        return Resnet(name + ".resnets.1", channels, hidden);
    }

    /// <summary>Norm, SiLU and the output convolution of the encoder or the decoder.</summary>
    public Value Output(string name, int channels, Value hidden) =>
        dialect.Convolution(NormSilu(name + ".conv_norm_out", hidden), name + ".conv_out", channels, 3, 1, Padding.One);

    private Value Attention(string name, Value hidden)
    {
        var width = hidden[1];
        var tokens = dialect.SpatialTokens(dialect.GroupNorm(hidden, name + ".group_norm", config.NormGroups, NormEpsilon, clips: null));
        var attended = dialect.Attention(
            dialect.Linear(tokens, name + ".to_q", width, bias: true),
            dialect.Linear(tokens, name + ".to_k", width, bias: true),
            dialect.Linear(tokens, name + ".to_v", width, bias: true),
            heads: 1
        );
        return dialect.FromSpatialTokens(dialect.AddLinear(attended, name + ".to_out.0", dialect.SpatialTokens(hidden)), hidden[2], hidden[3]);
    }

    private Value NormSilu(string name, Value hidden) => dialect.GroupNormSilu(hidden, name, config.NormGroups, NormEpsilon, clips: null);
}
