using LatentSync.Imaging;
using LatentSync.Latents;
using LatentSync.Pipeline;
using LatentSync.Tensors;

namespace LatentSync.Benchmarks;

/// <summary>Stands in for the diffusion model: gives the faces back a little darker.</summary>
internal sealed class PaintingGenerator : IFaceGenerator
{
    private const float Darker = -0.1f;

    private readonly TensorBuffer _pixels = new();

    public int Resolution => 512;

    public int LongestClip => 24;

    public Tensor Generate(IReadOnlyList<RgbImage> faces, int firstFrame, Tensor audio, Action? stepDone, CancellationToken cancellationToken)
    {
        var pixels = FacePixels.FromImages(faces, _pixels);
        System.Numerics.Tensors.TensorPrimitives.Add(pixels.Span, Darker, pixels.Span);
        stepDone?.Invoke();
        return pixels;
    }
}
