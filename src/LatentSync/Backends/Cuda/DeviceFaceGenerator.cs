using LatentSync.Backends.Cpu;
using LatentSync.Diffusion;
using LatentSync.Imaging;
using LatentSync.Progress;
using LatentSync.Tensors;

namespace LatentSync.Backends.Cuda;

/// <summary>What <see cref="DiffusionFaceGenerator"/> does, on a card: between aligned faces and generated faces nothing comes back.</summary>
/// <param name="engine">The networks.</param>
/// <param name="resolution">Width and height of the faces.</param>
/// <param name="noise">The noise of the video's clips.</param>
/// <param name="options">Steps, guidance and caching.</param>
/// <param name="clipLength">Frames of a full clip.</param>
/// <param name="longestClip">Rows of the UNet's table of temporal positions.</param>
/// <param name="times">Told how long the networks take.</param>
internal sealed class DeviceFaceGenerator(
    DeviceEngine engine,
    int resolution,
    ClipNoise noise,
    SamplerOptions options,
    int clipLength,
    int longestClip,
    WorkTimes times
) : IFaceGenerator
{
    /// <inheritdoc/>
    public int Resolution => resolution;

    /// <inheritdoc/>
    public int LongestClip => longestClip;

    /// <inheritdoc/>
    public void Generate(
        IReadOnlyList<RgbImage> faces,
        int firstFrame,
        Tensor audio,
        IReadOnlyList<Memory<float>> generated,
        Action? stepDone,
        CancellationToken cancellationToken
    )
    {
        var device = engine.Generate(faces, audio, noise.Repeat(faces.Count), generated, options, clipLength, stepDone, cancellationToken);
        times.Add(LipSyncWork.VaeEncode, TimeSpan.FromMilliseconds(device.Encode));
        times.Add(LipSyncWork.Denoise, TimeSpan.FromMilliseconds(device.Denoise));
        times.Add(LipSyncWork.VaeDecode, TimeSpan.FromMilliseconds(device.Decode));
        if (generated.Any(face => !float.IsFinite(TensorPrimitives.SumOfMagnitudes<float>(face.Span))))
        {
            throw NotFinite(engine.Precision);
        }
    }

    /// <summary>Says that the faces are no faces: in float16 their values may have been too large, else the weights are to blame.</summary>
    internal static LipSyncException NotFinite(DevicePrecision precision)
    {
        var (bfloat16, float32) = (DevicePrecision.BFloat16.Reference(), DevicePrecision.Float32.Reference());
        return new LipSyncException(
            LipSyncErrorCode.InferenceFailed,
            precision == DevicePrecision.Float16
                ? $"The networks produced NaN or infinite values; try {bfloat16} or {float32}; if that fails too, verify the checkpoint or download it again."
                : (FormattableString)$"The networks produced NaN or infinite values; the checkpoint is probably damaged: verify it or download it again."
        );
    }
}
