using LatentSync.Imaging;
using LatentSync.TestKit;

namespace LatentSync.EndToEndTests.Faces;

/// <summary>Frames of videos with one speaker, decoded once for all tests of a class.</summary>
public sealed class SpeakerFrames
{
    /// <summary>The size of close-ups.</summary>
    internal const int CloseUpWidth = 540;

    /// <summary>The size of close-ups.</summary>
    internal const int CloseUpHeight = 840;

    private const string Rendered = "rendered";
    private const string Real = "real";

    private static readonly AffineTransform ToCloseUp = AffineTransform.Identity.Translate(-330, -310);

    private readonly Lazy<IReadOnlyList<RgbImage>> _rendered = new(() =>
        [.. TestMedia.ReadFrames(TestMedia.Speaker, 2 * CloseUpWidth, 2 * CloseUpHeight, step: 8, count: 20)]
    );
    private readonly Lazy<IReadOnlyList<RgbImage>> _renderedCloseUps = new(() =>
        [.. TestMedia.ReadFrames(TestMedia.Speaker, CloseUpWidth, CloseUpHeight, step: 70, count: 3)]
    );
    private readonly Lazy<IReadOnlyList<RgbImage>> _real = new(() => [.. TestMedia.ReadFrames(TestMedia.Talk1!, 1080, 1920, step: 10, count: 25)]);
    private readonly Lazy<IReadOnlyList<RgbImage>> _realCloseUps;

    public SpeakerFrames() =>
        _realCloseUps = new(() =>
            [.. _real.Value.Where((_, index) => index % 9 == 0).Select(frame => TestFrames.Warp(frame, ToCloseUp, CloseUpWidth, CloseUpHeight))]
        );

    /// <summary>The names of the videos: a rendered head, and a real person where that video is there.</summary>
    internal static string[] Videos { get; } = TestMedia.Talk1 is null ? [Rendered] : [Rendered, Real];

    /// <summary>Large frames from all of a video.</summary>
    internal IReadOnlyList<RgbImage> Frames(string video) => (video == Real ? _real : _rendered).Value;

    /// <summary>Three frames of the head and shoulders, so that changing them is quick.</summary>
    internal IReadOnlyList<RgbImage> CloseUps(string video) => (video == Real ? _realCloseUps : _renderedCloseUps).Value;
}
