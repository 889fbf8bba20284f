using LatentSync.Imaging;
using LatentSync.Restoration;

namespace LatentSync.Tests.Pipeline;

/// <summary>Marks restored frames by 200 in the last byte.</summary>
internal sealed class FakeRestorer : IFaceRestorer
{
    public const byte Mark = 200;

    public void Restore(RgbImage frame, AffineTransform alignment, ReadOnlySpan<float> face) => frame.Pixels[^1] = Mark;
}
