using LatentSync.Checkpoints.Config;
using LatentSync.Imaging;
using LatentSync.Networks.Dialects;
using LatentSync.Networks.Onnx;

namespace LatentSync.Networks.Vae;

/// <summary>The encoder and the decoder of Stable Diffusion's AutoencoderKL. Images are in -1..1, RGB.</summary>
internal static class VaeGraphs
{
    /// <summary>Input of the encoder, output of the decoder: [images, 3, height, width], -1..1.</summary>
    public const string Image = "image";

    /// <summary>Output of the encoder: mean and log variance of the posterior, [images, 2 * latent channels, height / 8, width / 8].</summary>
    public const string Moments = "moments";

    /// <summary>Input of the decoder: unscaled latents, [images, latent channels, height / 8, width / 8].</summary>
    public const string Latents = "latents";

    /// <summary>Image to moments.</summary>
    public static NetworkGraph Encoder(DialectFactory newDialect, VaeConfig config, int height, int width)
    {
        var graph = new GraphWriter("vae_encoder");
        DescribeEncoder(newDialect(graph), config, height, width);
        return graph.Build();
    }

    /// <summary>Image to moments, in the words of a dialect.</summary>
    public static void DescribeEncoder(NetworkDialect dialect, VaeConfig config, int height, int width)
    {
        var blocks = new VaeBlocks(dialect, config);
        var channels = config.BlockOutChannels;

        var hidden = dialect.MapInput(Image, RgbImage.Channels, height, width);
        hidden = dialect.Convolution(hidden, "encoder.conv_in", channels[0], 3, 1, Padding.One);
        for (var level = 0; level < channels.Count; level++)
        {
            var block = Invariant($"encoder.down_blocks.{level}");
            for (var layer = 0; layer < config.LayersPerBlock; layer++)
            {
                hidden = blocks.Resnet(Invariant($"{block}.resnets.{layer}"), channels[level], hidden);
            }

            if (level < channels.Count - 1)
            {
                hidden = dialect.Convolution(hidden, block + ".downsamplers.0.conv", channels[level], 3, 2, Padding.RightAndBottom);
            }
        }

        hidden = blocks.Middle("encoder.mid_block", hidden);
        hidden = blocks.Output("encoder", 2 * config.LatentChannels, hidden);
        dialect.MapOutput(Moments, dialect.Convolution(hidden, "quant_conv", 2 * config.LatentChannels, 1, 1, Padding.None));
    }

    /// <summary>Latents to image.</summary>
    /// <param name="newDialect">The kind of device the graph is for.</param>
    /// <param name="config">The network's layout.</param>
    /// <param name="height">Rows of the latents.</param>
    /// <param name="width">Columns of the latents.</param>
    public static NetworkGraph Decoder(DialectFactory newDialect, VaeConfig config, int height, int width)
    {
        var graph = new GraphWriter("vae_decoder");
        DescribeDecoder(newDialect(graph), config, height, width);
        return graph.Build();
    }

    /// <summary>Latents to image, in the words of a dialect.</summary>
    public static void DescribeDecoder(NetworkDialect dialect, VaeConfig config, int height, int width)
    {
        var blocks = new VaeBlocks(dialect, config);
        var channels = config.BlockOutChannels;

        var hidden = dialect.MapInput(Latents, config.LatentChannels, height, width);
        hidden = dialect.Convolution(hidden, "post_quant_conv", config.LatentChannels, 1, 1, Padding.None);
        hidden = dialect.Convolution(hidden, "decoder.conv_in", channels[^1], 3, 1, Padding.One);
        hidden = blocks.Middle("decoder.mid_block", hidden);
        for (var level = 0; level < channels.Count; level++)
        {
            var block = Invariant($"decoder.up_blocks.{level}");
            var outChannels = channels[^(level + 1)];
            for (var layer = 0; layer <= config.LayersPerBlock; layer++)
            {
                hidden = blocks.Resnet(Invariant($"{block}.resnets.{layer}"), outChannels, hidden);
            }

            if (level < channels.Count - 1)
            {
                hidden = dialect.Convolution(dialect.UpsampleNearest(hidden), block + ".upsamplers.0.conv", outChannels, 3, 1, Padding.One);
            }
        }

        dialect.MapOutput(Image, blocks.Output("decoder", RgbImage.Channels, hidden));
    }
}
