using LatentSync.Backends;
using LatentSync.Imaging;
using LatentSync.Tensors;

namespace LatentSync.Tests.Pipeline.Flow;

/// <summary>Keeps the clips it was given; the first audio value of each frame is its sign. The faces it makes consist of the frame's number.</summary>
internal sealed class FakeGenerator(int resolution = FlowSetup.Resolution) : IFaceGenerator
{
    public List<int> ClipLengths { get; } = [];

    public List<int> FirstFrames { get; } = [];

    public List<float> AudioSigns { get; } = [];

    public int Resolution => resolution;

    public int LongestClip => 24;

    /// <summary>Called with the number of each clip before it is kept.</summary>
    public Action<int, CancellationToken> Work { get; init; } = (_, _) => { };

    public void Generate(
        IReadOnlyList<RgbImage> faces,
        int firstFrame,
        Tensor audio,
        IReadOnlyList<Memory<float>> generated,
        Action? stepDone,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        Work(ClipLengths.Count, cancellationToken);
        Assert.Equal(faces.Count, audio.Shape[0]);
        ClipLengths.Add(faces.Count);
        FirstFrames.Add(firstFrame);
        AudioSigns.AddRange(Enumerable.Range(0, faces.Count).Select(i => audio.Row(i)[0]));
        stepDone?.Invoke();
        Assert.Equal(faces.Count, generated.Count);
        for (var i = 0; i < faces.Count; i++)
        {
            Assert.Equal(RgbImage.Channels * resolution * resolution, generated[i].Length);
            generated[i].Span.Fill(firstFrame + i);
        }
    }
}
