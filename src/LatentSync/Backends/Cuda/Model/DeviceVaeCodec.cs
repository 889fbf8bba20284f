using System.Runtime.InteropServices;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.Backends.Cuda.OnnxRuntime;
using LatentSync.Backends.Cuda.OnnxRuntime.Graphs;
using LatentSync.Backends.Cuda.Runtime;
using LatentSync.Checkpoints.Config;
using LatentSync.Imaging;
using LatentSync.Latents;
using LatentSync.Networks.Vae;
using LatentSync.Tensors;

namespace LatentSync.Backends.Cuda.Model;

/// <summary>
/// Faces to conditions of the UNet, and latents to faces, on a device. A few frames go through the VAE at once: frames do
/// not see each other there, so the result is that of all at once.
/// </summary>
internal sealed class DeviceVaeCodec : IDisposable
{
    private readonly DeviceRuntime _runtime;
    private readonly VaeConfig _config;
    private readonly int _resolution;
    private readonly int _slice;
    private readonly DeviceNetwork _vae;
    private readonly DeviceNetwork _arithmetic;
    private readonly DevicePiece _encoder;
    private readonly DevicePiece _decoder;
    private readonly DevicePiece _prepare;
    private readonly DevicePiece _condition;
    private readonly DevicePiece _unscale;
    private readonly DevicePiece _composite;
    private readonly RepaintMask _repaintMask;
    private OwnedDeviceTensor? _mask;
    private OwnedDeviceTensor? _latentMask;

    /// <summary>Opens the graphs; <see cref="Load"/> loads the weights.</summary>
    /// <param name="runtime">Where it runs.</param>
    /// <param name="config">The VAE's layout.</param>
    /// <param name="reader">Its weights.</param>
    /// <param name="mask">The region to paint, at the faces' resolution.</param>
    /// <param name="slice">Frames that go through at once.</param>
    public DeviceVaeCodec(DeviceRuntime runtime, VaeConfig config, IWeightReader reader, RepaintMask mask, int slice)
    {
        (_runtime, _config, _resolution, _slice, _repaintMask) = (runtime, config, mask.Resolution, slice, mask);
        var (resolution, size, type) = (_resolution, Size, runtime.Type);
        _vae = new DeviceNetwork(runtime, reader);
        _arithmetic = new DeviceNetwork(runtime, NoWeights.Instance);
        _encoder = _vae.Piece(
            "vae_encoder",
            writer => Written(writer, dialect => VaeGraphs.DescribeEncoder(dialect, config, resolution, resolution)),
            prefix: "encoder"
        );
        _decoder = _vae.Piece("vae_decoder", writer => Written(writer, dialect => VaeGraphs.DescribeDecoder(dialect, config, size, size)), prefix: "decoder");
        _prepare = _arithmetic.Piece("prepare", writer => FaceGraphs.Prepare(writer, resolution, type));
        _condition = _arithmetic.Piece("condition", writer => FaceGraphs.Condition(writer, config, size, type));
        _unscale = _arithmetic.Piece("unscale", writer => FaceGraphs.Unscale(writer, config, size, type));
        _composite = _arithmetic.Piece("composite", writer => FaceGraphs.Composite(writer, resolution, type));
    }

    /// <summary>The weights.</summary>
    public DeviceNetwork Network => _vae;

    private int Size => _resolution / LatentShape.PixelsPerLatent;

    /// <summary>Loads the weights and the mask.</summary>
    /// <param name="keepsWeights">Whether encoder and decoder both stay on the device, or share one place and come in turn.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public void Load(bool keepsWeights, CancellationToken cancellationToken)
    {
        _vae.Load(keepsWeights ? long.MaxValue : 0, places: 1, cancellationToken);
        _mask = new OwnedDeviceTensor(_runtime.Arena, DeviceDataType.Float32, _resolution, _resolution, 1);
        Upload(_mask, _repaintMask.Pixels, repeat: 1);
        _latentMask = new OwnedDeviceTensor(_runtime.Arena, DeviceDataType.Float32, _slice, Size, Size, 1);
        Upload(_latentMask, _repaintMask.Latents, _slice);
    }

    /// <summary>Queues the encoding of faces, masked and whole.</summary>
    /// <param name="pixels">8-bit RGB, [frames, resolution, resolution, 3].</param>
    /// <param name="conditions">[frames, resolution / 8, resolution / 8, 12]: receives mask, masked-image latents, reference latents and zeros.</param>
    /// <param name="cancellationToken">Stops between two slices.</param>
    public void Encode(DeviceTensor pixels, DeviceTensor conditions, CancellationToken cancellationToken)
    {
        var frames = pixels.Shape[0];
        for (var start = 0; start < frames; start += _slice)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = Math.Min(_slice, frames - start);
            using var images = New(2 * count, _resolution, CudaDialect.Padded(RgbImage.Channels));
            using var moments = New(2 * count, Size, 2 * _config.LatentChannels);
            _prepare.Run(
                [(FaceGraphs.Pixels, pixels.Rows(start, count)), (FaceGraphs.Mask, _mask!)],
                (FaceGraphs.Masked, images.Rows(0, count)),
                (FaceGraphs.Whole, images.Rows(count, count))
            );

            // Masked and whole faces are so many images; where memory is shortest they go one after the other.
            var together = count == 1 && _slice == 1 ? 1 : 2 * count;
            _encoder.RunSlices(2 * count, together, [(VaeGraphs.Image, images)], (VaeGraphs.Moments, moments));
            _condition.Run(
                [
                    (FaceGraphs.Mask, _latentMask!.Rows(0, count)),
                    (FaceGraphs.MaskedMoments, moments.Rows(0, count)),
                    (FaceGraphs.WholeMoments, moments.Rows(count, count)),
                ],
                (FaceGraphs.Conditions, conditions.Rows(start, count))
            );
        }
    }

    /// <summary>Queues the decoding of latents and puts the kept region of the faces over it.</summary>
    /// <param name="latents">float32 [frames, resolution / 8, resolution / 8, 4], scaled.</param>
    /// <param name="pixels">8-bit RGB, [frames, resolution, resolution, 3].</param>
    /// <param name="faces">Pinned host memory, float32 [frames, 3, resolution, resolution]: receives the result, about -1..1.</param>
    /// <param name="cancellationToken">Stops between two slices.</param>
    public void Decode(DeviceTensor latents, DeviceTensor pixels, nint faces, CancellationToken cancellationToken)
    {
        var frames = pixels.Shape[0];
        for (var start = 0; start < frames; start += _slice)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = Math.Min(_slice, frames - start);
            using var unscaled = New(count, Size, CudaDialect.Padded(_config.LatentChannels));
            using var decoded = New(count, _resolution, RgbImage.Channels);
            using var composed = new OwnedDeviceTensor(_runtime.Arena, DeviceDataType.Float32, count, RgbImage.Channels, _resolution, _resolution);
            _unscale.Run([(FaceGraphs.Latents, latents.Rows(start, count))], (FaceGraphs.Unscaled, unscaled));
            _decoder.Run([(VaeGraphs.Latents, unscaled)], (VaeGraphs.Image, decoded));
            _composite.Run(
                [(FaceGraphs.Decoded, decoded), (FaceGraphs.Pixels, pixels.Rows(start, count)), (FaceGraphs.Mask, _mask!)],
                (FaceGraphs.Faces, composed)
            );
            _runtime.Device.Copy(faces + (nint)(composed.Bytes / count * start), composed.Pointer, composed.Bytes, CopyDirection.ToHost, DeviceStream.Compute);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _mask?.Dispose();
        _latentMask?.Dispose();
        _arithmetic.Dispose();
        _vae.Dispose();
    }

    private DeviceGraph Written(DeviceGraphWriter writer, Action<CudaDialect> describe)
    {
        describe(_runtime.NewDialect(writer));
        return writer.Build();
    }

    private OwnedDeviceTensor New(int images, int size, int channels) => new(_runtime.Arena, _runtime.Type, images, size, size, channels);

    private void Upload(OwnedDeviceTensor destination, float[] values, int repeat) => _runtime.Upload(destination.Pointer, destination.Bytes, place =>
        {
            var bytes = MemoryMarshal.AsBytes(values.AsSpan());
            for (var i = 0; i < repeat; i++)
            {
                bytes.CopyTo(place[(i * bytes.Length)..]);
            }
        });
}
