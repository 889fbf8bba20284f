using System.Diagnostics;
using LatentSync.Backends;
using LatentSync.Imaging;
using LatentSync.Tensors;

namespace LatentSync.Benchmarks;

/// <summary>Stands in for the diffusion model on a GPU: gives the faces back a little darker, after a while that costs no processor time.</summary>
/// <param name="clipTime">What a clip of <see cref="ClipFrames"/> frames takes; another length in proportion.</param>
internal sealed class PaintingGenerator(TimeSpan clipTime) : IFaceGenerator
{
    public const int ClipFrames = 16;

    private const float Darker = -0.1f;

    public int Resolution => 512;

    public int LongestClip => 24;

    /// <summary>Time of all calls.</summary>
    public TimeSpan Elapsed { get; private set; }

    public void Generate(
        IReadOnlyList<RgbImage> faces,
        int firstFrame,
        Tensor audio,
        IReadOnlyList<Memory<float>> generated,
        Action? stepDone,
        CancellationToken cancellationToken
    )
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < faces.Count; i++)
        {
            PixelPlanes.Fill(faces[i].Pixels, generated[i].Span);
            System.Numerics.Tensors.TensorPrimitives.Add(generated[i].Span, Darker, generated[i].Span);
        }

        var left = (clipTime * faces.Count / ClipFrames) - Stopwatch.GetElapsedTime(start);
        if (left > TimeSpan.Zero)
        {
            cancellationToken.WaitHandle.WaitOne(left);
            cancellationToken.ThrowIfCancellationRequested();
        }

        stepDone?.Invoke();
        Elapsed += Stopwatch.GetElapsedTime(start);
    }
}
