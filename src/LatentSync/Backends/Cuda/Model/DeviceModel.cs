using System.Runtime.InteropServices;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.Backends.Cuda.OnnxRuntime;
using LatentSync.Backends.Cuda.Runtime;
using LatentSync.Diffusion;
using LatentSync.Imaging;
using LatentSync.Latents;
using LatentSync.Tensors;

namespace LatentSync.Backends.Cuda.Model;

/// <summary>
/// The networks of a model on a device under a plan: a clip's faces, audio and noise go there once, its generated faces
/// come back once. Belongs to the device's thread.
/// </summary>
internal sealed class DeviceModel : IDisposable
{
    private readonly DeviceRuntime _runtime;
    private readonly DeviceModelParts _parts;
    private readonly DeviceUNet _unet;
    private readonly DeviceClipSampler _sampler;
    private readonly DeviceVaeCodec _codec;
    private readonly nint[] _marks;
    private PinnedBuffer? _staging;

    /// <summary>Describes the networks; <see cref="Load"/> loads them.</summary>
    public DeviceModel(DeviceRuntime runtime, DeviceModelParts parts, MemoryPlan plan)
    {
        (_runtime, _parts, Plan) = (runtime, parts, plan);
        _unet = new DeviceUNet(runtime, parts.UNetConfig, parts.UNetWeights, LatentSize, parts.AudioTokens, plan.UNet);
        _sampler = new DeviceClipSampler(runtime, _unet, plan.UNet, LatentSize);
        _codec = new DeviceVaeCodec(runtime, parts.VaeConfig, parts.VaeWeights, new RepaintMask(parts.Resolution), plan.VaeSlice);
        _marks = [.. Enumerable.Range(0, 4).Select(_ => runtime.Device.CreateEvent())];
    }

    /// <summary>How it runs.</summary>
    public MemoryPlan Plan { get; }

    /// <summary>Bytes of all weights.</summary>
    public long WeightBytes => _unet.Network.WeightBytes + _codec.Network.WeightBytes;

    /// <summary>Bytes of the device that the UNet's weights, or places for them, take.</summary>
    public long UNetBytes => _unet.Network.ResidentBytes;

    /// <summary>Bytes of weights that are copied at every full step.</summary>
    public long StreamedBytes => _unet.Network.StreamedBytes;

    private int LatentSize => _parts.Resolution / LatentShape.PixelsPerLatent;

    /// <summary>Loads the weights and opens the graphs of clips of this length.</summary>
    /// <exception cref="DeviceMemoryException">The device has too little memory.</exception>
    public void Load(int frames, SamplerOptions options, CancellationToken cancellationToken)
    {
        _unet.Load(frames, options.UsesGuidance, cancellationToken);
        _codec.Load(Plan.KeepsVae, cancellationToken);
        _sampler.Prepare(options);
    }

    /// <summary>Generates a clip.</summary>
    /// <param name="faces">Aligned faces of the model's resolution.</param>
    /// <param name="audio">[frames, tokens, width].</param>
    /// <param name="noise">[frames, 4, height, width].</param>
    /// <param name="generated">As many faces [3, resolution, resolution], which are filled with values of about -1..1; none where nothing runs.</param>
    /// <param name="options">Steps, guidance and caching.</param>
    /// <param name="stepDone">Told when the device has finished a step.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <returns>The device's milliseconds of each stage.</returns>
    /// <exception cref="DeviceMemoryException">The device has too little memory; nothing has come of the clip.</exception>
    public DeviceTimes Generate(
        IReadOnlyList<RgbImage> faces,
        Tensor audio,
        Tensor noise,
        IReadOnlyList<Memory<float>> generated,
        SamplerOptions options,
        Action? stepDone,
        CancellationToken cancellationToken
    )
    {
        var (frames, resolution) = (faces.Count, _parts.Resolution);
        _sampler.Prepare(options);
        using var pixels = new OwnedDeviceTensor(_runtime.Arena, DeviceDataType.UInt8, frames, resolution, resolution, RgbImage.Channels);
        using var tokens = new OwnedDeviceTensor(_runtime.Arena, _runtime.Type, [.. audio.Shape]);
        using var latents = new OwnedDeviceTensor(_runtime.Arena, DeviceDataType.Float32, frames, LatentSize, LatentSize, LatentShape.Channels);
        using var conditions = new OwnedDeviceTensor(_runtime.Arena, _runtime.Type, frames, LatentSize, LatentSize, SamplerGraphs.ConditionChannels);
        var result = Staging((long)frames * RgbImage.Channels * resolution * resolution * sizeof(float));
        Mark(0);
        Upload(pixels, place => Fill(place, faces));
        Upload(tokens, place => DeviceValues.Write(audio.Span, _runtime.Type, place));
        Upload(latents, place => ChannelsLast(noise, MemoryMarshal.Cast<byte, float>(place)));
        _codec.Encode(pixels, conditions, cancellationToken);
        Mark(1);
        _sampler.Denoise(conditions, tokens, latents, stepDone, cancellationToken);
        Mark(2);
        _codec.Decode(latents, pixels, result?.Pointer ?? 0, cancellationToken);
        Mark(3);
        _runtime.Device.Synchronize();
        for (var frame = 0; frame < generated.Count; frame++)
        {
            var face = generated[frame].Span;
            result?.Span<float>((long)frame * face.Length * sizeof(float), face.Length).CopyTo(face);
        }

        return new DeviceTimes(Elapsed(0), Elapsed(1), Elapsed(2));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _runtime.Device.Synchronize();
        _staging?.Dispose();
        _codec.Dispose();
        _sampler.Dispose();
        _unet.Dispose();
        foreach (var mark in _marks)
        {
            _runtime.Device.DestroyEvent(mark);
        }
    }

    private static void Fill(Span<byte> place, IReadOnlyList<RgbImage> faces)
    {
        foreach (var face in faces)
        {
            face.Pixels.CopyTo(place);
            place = place[face.Pixels.Length..];
        }
    }

    private static void ChannelsLast(Tensor planes, Span<float> place)
    {
        var plane = planes.Shape[2] * planes.Shape[3];
        for (var frame = 0; frame < planes.Shape[0]; frame++)
        {
            var from = planes.Row(frame);
            var to = place.Slice(frame * LatentShape.Channels * plane, LatentShape.Channels * plane);
            for (var i = 0; i < to.Length; i++)
            {
                to[i] = from[(i % LatentShape.Channels * plane) + (i / LatentShape.Channels)];
            }
        }
    }

    private void Mark(int index) => _runtime.Device.Record(_marks[index], DeviceStream.Compute);

    private double Elapsed(int index) => _runtime.Device.ElapsedMilliseconds(_marks[index], _marks[index + 1]);

    /// <summary>Pinned memory of at least so many bytes, kept from clip to clip; null where nothing runs.</summary>
    private PinnedBuffer? Staging(long bytes)
    {
        if (!_runtime.IsDry && (_staging is null || _staging.Bytes < bytes))
        {
            _staging?.Dispose();
            _staging = new PinnedBuffer(_runtime.Device, bytes);
        }

        return _staging;
    }

    private void Upload(DeviceTensor destination, DeviceValues.FillPlace fill)
    {
        if (Staging(destination.Bytes) is { } staging)
        {
            fill(staging.Span<byte>(0, (int)destination.Bytes));
            _runtime.Device.Copy(destination.Pointer, staging.Pointer, destination.Bytes, CopyDirection.ToDevice, DeviceStream.Compute);
            _runtime.Device.Synchronize();
        }
    }
}
