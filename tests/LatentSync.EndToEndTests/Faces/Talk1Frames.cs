using LatentSync.Imaging;
using LatentSync.TestKit;

namespace LatentSync.EndToEndTests.Faces;

/// <summary>Every tenth frame of a video with one speaker, decoded once for all tests of a class.</summary>
public sealed class Talk1Frames
{
    internal const int Width = 1080;
    internal const int Height = 1920;

    internal IReadOnlyList<RgbImage> Frames { get; } = [.. TestMedia.ReadFrames(TestMedia.Talk1, Width, Height, step: 10, count: 25)];
}
