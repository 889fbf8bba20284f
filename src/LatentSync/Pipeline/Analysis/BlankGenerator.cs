using LatentSync.Backends;
using LatentSync.Imaging;
using LatentSync.Tensors;

namespace LatentSync.Pipeline.Analysis;

/// <summary>Stands in for the networks while the video is only looked at.</summary>
internal sealed class BlankGenerator(int resolution) : IFaceGenerator
{
    /// <inheritdoc/>
    public int Resolution => resolution;

    /// <inheritdoc/>
    public int LongestClip => int.MaxValue;

    /// <summary>Paints nothing.</summary>
    public void Generate(
        IReadOnlyList<RgbImage> faces,
        int firstFrame,
        Tensor audio,
        IReadOnlyList<Memory<float>> generated,
        Action? stepDone,
        CancellationToken cancellationToken
    ) => cancellationToken.ThrowIfCancellationRequested();
}
