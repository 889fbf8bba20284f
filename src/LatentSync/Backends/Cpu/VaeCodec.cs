using System.Runtime.InteropServices;
using LatentSync.Checkpoints.Config;
using LatentSync.Checkpoints.Tensors;
using LatentSync.Networks.Vae;
using LatentSync.Tensors;

namespace LatentSync.Backends.Cpu;

/// <summary>
/// Images to scaled latents and back. Frames go through one by one: the result is the same, and the memory that a
/// 512-pixel frame needs inside the decoder is needed only once.
/// </summary>
internal sealed class VaeCodec : IDisposable
{
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
        var size = resolution / LatentShape.PixelsPerLatent;
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

    /// <summary>
    /// [images, 3, height, width] in -1..1 to the scaled mean of the posterior, [images, 4, height / 8, width / 8]. An image that
    /// equals the one before it, as all of a still picture do, is not encoded again.
    /// </summary>
    public Tensor Encode(Tensor images, CancellationToken cancellationToken)
    {
        var latents = new Tensor(
            images.Shape[0],
            _config.LatentChannels,
            images.Shape[2] / LatentShape.PixelsPerLatent,
            images.Shape[3] / LatentShape.PixelsPerLatent
        );
        for (var i = 0; i < images.Shape[0]; i++)
        {
            var row = latents.Row(i);
            if (i > 0 && MemoryMarshal.AsBytes(images.Row(i)).SequenceEqual(MemoryMarshal.AsBytes(images.Row(i - 1))))
            {
                latents.Row(i - 1).CopyTo(row);
                continue;
            }

            // The first channels of the moments are the mean.
            Run(_encoder, VaeGraphs.Image, images.Slice(i), VaeGraphs.Moments, cancellationToken).Span[..row.Length].CopyTo(row);
        }

        TensorPrimitives.Subtract<float>(latents.Span, (float)_config.ShiftFactor, latents.Span);
        TensorPrimitives.Multiply<float>(latents.Span, (float)_config.ScalingFactor, latents.Span);
        return latents;
    }

    /// <summary>Scaled latents to images.</summary>
    /// <param name="latents">[images, 4, height, width].</param>
    /// <param name="images">As many [3, 8 height, 8 width], which are filled with values of about -1..1.</param>
    /// <param name="cancellationToken">Stops between two operators of the network.</param>
    public void Decode(Tensor latents, IReadOnlyList<Memory<float>> images, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(images.Count, latents.Shape[0], nameof(images));
        var unscaled = new Tensor([.. latents.Shape]);
        TensorPrimitives.Divide<float>(latents.Span, (float)_config.ScalingFactor, unscaled.Span);
        TensorPrimitives.Add<float>(unscaled.Span, (float)_config.ShiftFactor, unscaled.Span);
        for (var i = 0; i < images.Count; i++)
        {
            Run(_decoder, VaeGraphs.Latents, unscaled.Slice(i), VaeGraphs.Image, cancellationToken).Span.CopyTo(images[i].Span);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _encoder.Dispose();
        _decoder.Dispose();
    }

    private static Tensor Run(NetworkSession network, string inputName, Tensor input, string output, CancellationToken cancellationToken) =>
        network.Run([(inputName, input.Reshape([1, .. input.Shape]))], output, cancellationToken);
}
