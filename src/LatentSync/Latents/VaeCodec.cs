using LatentSync.Checkpoints;
using LatentSync.Imaging;
using LatentSync.Networks;
using LatentSync.Networks.Dialects;
using LatentSync.Networks.Vae;
using LatentSync.Tensors;

namespace LatentSync.Latents;

/// <summary>
/// Images to scaled latents and back. Frames go through one by one: the result is the same, and the memory that a
/// 512-pixel frame needs inside the decoder is needed only once.
/// </summary>
internal sealed class VaeCodec : IDisposable
{
    /// <summary>Pixels of an image per latent, in each direction.</summary>
    public const int DownscaleFactor = 8;

    private readonly VaeConfig _config;
    private readonly NetworkSession _encoder;
    private readonly NetworkSession _decoder;

    /// <summary>Opens both networks for square images.</summary>
    /// <param name="config">The network's layout.</param>
    /// <param name="weights">Its weights, under the current attention names.</param>
    /// <param name="resolution">Width and height of the images, a multiple of 8.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public VaeCodec(VaeConfig config, WeightSource weights, int resolution, CancellationToken cancellationToken = default)
    {
        _config = config;
        var size = resolution / DownscaleFactor;
        _encoder = new NetworkSession(VaeGraphs.Encoder(CpuDialect.Factory, config, resolution, resolution), weights, cancellationToken);
        try
        {
            _decoder = new NetworkSession(VaeGraphs.Decoder(CpuDialect.Factory, config, size, size), weights, cancellationToken);
        }
        catch
        {
            _encoder.Dispose();
            throw;
        }
    }

    /// <summary>[images, 3, height, width] in -1..1 to the scaled mean of the posterior, [images, 4, height / 8, width / 8].</summary>
    public Tensor Encode(Tensor images, CancellationToken cancellationToken)
    {
        var latents = MapEach(images, _config.LatentChannels, (_encoder, VaeGraphs.Image, VaeGraphs.Moments), cancellationToken);
        TensorPrimitives.Subtract<float>(latents.Span, (float)_config.ShiftFactor, latents.Span);
        TensorPrimitives.Multiply<float>(latents.Span, (float)_config.ScalingFactor, latents.Span);
        return latents;
    }

    /// <summary>Scaled latents, [images, 4, height, width], to images, [images, 3, 8 height, 8 width], about -1..1.</summary>
    public Tensor Decode(Tensor latents, CancellationToken cancellationToken)
    {
        var unscaled = new Tensor([.. latents.Shape]);
        TensorPrimitives.Divide<float>(latents.Span, (float)_config.ScalingFactor, unscaled.Span);
        TensorPrimitives.Add<float>(unscaled.Span, (float)_config.ShiftFactor, unscaled.Span);
        return MapEach(unscaled, RgbImage.Channels, (_decoder, VaeGraphs.Latents, VaeGraphs.Image), cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _encoder.Dispose();
        _decoder.Dispose();
    }

    /// <summary>Runs a network on one image after the other and keeps the first <paramref name="channels"/> of each result.</summary>
    private static Tensor MapEach(
        Tensor inputs, int channels, (NetworkSession Session, string Input, string Output) network, CancellationToken cancellationToken)
    {
        Tensor? all = null;
        for (var i = 0; i < inputs.Shape[0]; i++)
        {
            var input = inputs.Slice(i);
            var output = network.Session.Run([(network.Input, input.Reshape([1, .. input.Shape]))], network.Output, cancellationToken);
            all ??= new Tensor(inputs.Shape[0], channels, output.Shape[2], output.Shape[3]);
            output.Span[..all.Row(i).Length].CopyTo(all.Row(i));
        }

        return all ?? throw new ArgumentException("No images were given.", nameof(inputs));
    }
}
