using LatentSync.Imaging;
using LatentSync.Restoration;

namespace LatentSync.Tests.Pipeline;

/// <summary>Marks restored frames by 200 in the last byte and keeps the weights.</summary>
internal sealed class FakeRestorer : IFaceRestorer
{
    public const byte Mark = 200;

    public List<float> Weights { get; } = [];

    public void Restore(RgbImage frame, AffineTransform alignment, ReadOnlySpan<float> face, float weight)
    {
        frame.Pixels[^1] = Mark;
        Weights.Add(weight);
    }
}
