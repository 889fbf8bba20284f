using LatentSync.Backends;
using LatentSync.Imaging;
using LatentSync.Tensors;

namespace LatentSync.EndToEndTests.Pipeline;

/// <summary>Paints every face grey and remembers the clips it was given.</summary>
internal sealed class GreyGenerator(int denoisingSteps) : IFaceGenerator
{
    public int Resolution => 128;

    public int LongestClip => 24;

    public List<int> ClipLengths { get; } = [];

    public void Generate(
        IReadOnlyList<RgbImage> faces,
        int firstFrame,
        Tensor audio,
        IReadOnlyList<Memory<float>> generated,
        Action? stepDone,
        CancellationToken cancellationToken
    )
    {
        Assert.Equal(faces.Count, audio.Shape[0]);
        ClipLengths.Add(faces.Count);
        for (var step = 0; step < denoisingSteps; step++)
        {
            stepDone?.Invoke();
        }

        foreach (var face in generated)
        {
            face.Span.Clear();
        }
    }
}
