using LatentSync.Imaging;
using LatentSync.TestKit;

namespace LatentSync.EndToEndTests.Faces;

/// <summary>Every tenth frame of a video with one speaker, decoded once for all tests of a class.</summary>
public sealed class Talk1Frames
{
    internal const int Width = 1080;
    internal const int Height = 1920;

    /// <summary>The size of <see cref="CloseUps"/>.</summary>
    internal const int CloseUpWidth = 540;

    /// <summary>The size of <see cref="CloseUps"/>.</summary>
    internal const int CloseUpHeight = 840;

    private static readonly AffineTransform ToCloseUp = AffineTransform.Identity.Translate(-330, -310);

    internal IReadOnlyList<RgbImage> Frames => field ??= Read();

    /// <summary>Three of the frames, cut down to the head and shoulders, so that changing them is quick.</summary>
    internal IReadOnlyList<RgbImage> CloseUps => field ??= [.. Frames.Where((_, index) => index % 9 == 0).Select(frame => TestFrames.Warp(frame, ToCloseUp, CloseUpWidth, CloseUpHeight))];

    private static IReadOnlyList<RgbImage> Read()
    {
        Assert.SkipUnless(File.Exists(TestMedia.Talk1), "The test media are not beside the checkout; set LATENTSYNC_MEDIA.");
        return [.. TestMedia.ReadFrames(TestMedia.Talk1, Width, Height, step: 10, count: 25)];
    }
}
