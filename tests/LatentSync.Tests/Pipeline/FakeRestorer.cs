using LatentSync.Imaging;
using LatentSync.Restoration;
using LatentSync.Tensors;

namespace LatentSync.Tests.Pipeline;

/// <summary>Marks restored frames by 200 in the last byte.</summary>
internal sealed class FakeRestorer : IFaceRestorer
{
    public const byte Mark = 200;

    public void Restore(RgbImage frame, AffineTransform alignment, Tensor face) => frame.Pixels[^1] = Mark;
}
