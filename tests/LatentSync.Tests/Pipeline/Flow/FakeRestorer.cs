using LatentSync.Imaging;
using LatentSync.Restoration;

namespace LatentSync.Tests.Pipeline.Flow;

/// <summary>Marks restored frames by 200 in the last byte and keeps the weights and the first value of each face.</summary>
internal sealed class FakeRestorer : IFaceRestorer
{
    public const byte Mark = 200;

    public List<float> Weights { get; } = [];

    public List<float> Faces { get; } = [];

    /// <summary>The first frame, counting the painted ones, whose restoring fails.</summary>
    public int FailsAt { get; init; } = int.MaxValue;

    public void Restore(RgbImage frame, AffineTransform alignment, ReadOnlyMemory<float> face, float weight, PaintedMask? mask = null)
    {
        if (Faces.Count == FailsAt)
        {
            throw new InvalidOperationException("torn");
        }

        frame.Pixels[^1] = Mark;
        Faces.Add(face.Span[0]);
        Weights.Add(weight);
    }
}
