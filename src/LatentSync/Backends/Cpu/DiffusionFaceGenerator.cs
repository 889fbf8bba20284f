using LatentSync.Diffusion;
using LatentSync.Imaging;
using LatentSync.Latents;
using LatentSync.Progress;
using LatentSync.Tensors;

namespace LatentSync.Backends.Cpu;

/// <summary>Composes the stages between aligned faces and generated faces: latents, diffusion, latents.</summary>
/// <param name="codec">The VAE.</param>
/// <param name="sampler">The denoiser.</param>
/// <param name="mask">The region to paint, at the codec's resolution.</param>
/// <param name="noise">The noise of the video's clips.</param>
/// <param name="options">Steps, guidance and caching.</param>
/// <param name="longestClip">Rows of the UNet's table of temporal positions.</param>
/// <param name="times">Told how long the networks take.</param>
internal sealed class DiffusionFaceGenerator(
    VaeCodec codec,
    ClipSampler sampler,
    RepaintMask mask,
    ClipNoise noise,
    SamplerOptions options,
    int longestClip,
    WorkTimes times
) : IFaceGenerator
{
    private readonly Tensor _mask = new(mask.Pixels, mask.Resolution, mask.Resolution);
    private readonly TensorBuffer _pixels = new();
    private readonly TensorBuffer _masked = new();

    /// <inheritdoc/>
    public int Resolution => mask.Resolution;

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
        var pixels = FacePixels.FromImages(faces, _pixels);
        var conditions = Encode(pixels, audio, cancellationToken);
        var latents = Denoise(conditions, stepDone, cancellationToken);
        using var measurement = times.Measure(LipSyncWork.VaeDecode);
        codec.Decode(latents, generated, cancellationToken);
        for (var frame = 0; frame < generated.Count; frame++)
        {
            FacePixels.Composite(generated[frame].Span, pixels.Row(frame), _mask.Span);
        }
    }

    private ClipConditions Encode(Tensor pixels, Tensor audio, CancellationToken cancellationToken)
    {
        using var measurement = times.Measure(LipSyncWork.VaeEncode);
        return new ClipConditions(
            RepeatMask(pixels.Shape[0]),
            codec.Encode(FacePixels.Masked(pixels, _mask, _masked), cancellationToken),
            codec.Encode(pixels, cancellationToken),
            audio
        );
    }

    private Tensor Denoise(ClipConditions conditions, Action? stepDone, CancellationToken cancellationToken)
    {
        using var measurement = times.Measure(LipSyncWork.Denoise);
        return sampler.Denoise(conditions, noise.Repeat(conditions.Frames), options, (_, _) => stepDone?.Invoke(), cancellationToken);
    }

    private Tensor RepeatMask(int frames)
    {
        var size = mask.Resolution / LatentShape.PixelsPerLatent;
        var repeated = new Tensor(frames, size, size);
        for (var frame = 0; frame < frames; frame++)
        {
            mask.Latents.CopyTo(repeated.Row(frame));
        }

        return repeated;
    }
}
