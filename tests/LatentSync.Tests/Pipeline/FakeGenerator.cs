using LatentSync.Imaging;
using LatentSync.Pipeline;
using LatentSync.Tensors;

namespace LatentSync.Tests.Pipeline;

/// <summary>Keeps the clips it was given; the first audio value of each frame is its sign.</summary>
internal sealed class FakeGenerator(int resolution) : IFaceGenerator
{
    public List<int> ClipLengths { get; } = [];

    public List<int> FirstFrames { get; } = [];

    public List<float> AudioSigns { get; } = [];

    public int Resolution => resolution;

    public int LongestClip => 24;

    public Func<int, Exception?> Failure { get; init; } = _ => null;

    public Tensor Generate(IReadOnlyList<RgbImage> faces, int firstFrame, Tensor audio, Action? stepDone, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Failure(ClipLengths.Count) is { } failure)
        {
            throw failure;
        }

        Assert.Equal(faces.Count, audio.Shape[0]);
        ClipLengths.Add(faces.Count);
        FirstFrames.Add(firstFrame);
        AudioSigns.AddRange(Enumerable.Range(0, faces.Count).Select(i => audio.Row(i)[0]));
        stepDone?.Invoke();
        return new Tensor(faces.Count, 3, resolution, resolution);
    }
}
