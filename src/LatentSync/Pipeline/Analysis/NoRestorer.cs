using LatentSync.Imaging;
using LatentSync.Restoration;

namespace LatentSync.Pipeline.Analysis;

/// <summary>Leaves frames as they are.</summary>
internal sealed class NoRestorer : IFaceRestorer
{
    /// <inheritdoc/>
    public void Restore(RgbImage frame, AffineTransform alignment, ReadOnlyMemory<float> face, float weight, PaintedMask? mask = null) { }
}
