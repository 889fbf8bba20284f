using System.Xml.Linq;
using LatentSync.Scoring;

namespace LatentSync.Tests.Scoring;

public class ScoreDrawingTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private static readonly LipSyncScore Score = new()
    {
        Frames = 5,
        FramesWithFace = 4,
        OffsetFrames = 0,
        Correlation = 1,
        CorrelationAtZero = 1,
        Confidence = 1,
        ClosedInSilence = null,
        Opening = [0.1, 0.2, double.NaN, 0.3, 0.1],
        Loudness = [0, 0.5, 1, 0.5, 0],
    };

    [Fact]
    public void Draw_IsXml_WithALinePerStretchOfFaces()
    {
        var svg = XDocument.Parse(ScoreDrawing.Draw(Score, "a < b & c"));
        Assert.Equal(2, svg.Descendants(Svg + "polyline").Count());
        Assert.Equal("a < b & c: mouth opening (blue) and loudness (grey)", svg.Descendants(Svg + "text").First().Value);
        Assert.DoesNotContain(svg.Descendants().Attributes(), attribute => attribute.Value.Contains("NaN", StringComparison.Ordinal));
    }

    [Fact]
    public void Draw_PutsTheSimilarityOfAWindowAtItsMiddle()
    {
        var score = Score with { SyncNet = Similarities(double.NaN, 0.5) };
        var line = XDocument.Parse(ScoreDrawing.Draw(score, "video")).Descendants(Svg + "polyline").Last();

        // Frame 1 + 8 at 4 pixels each, after 40; half of 220 below 40.
        Assert.Equal("76,150 76,150", line.Attribute("points")!.Value);
    }

    [Fact]
    public void Draw_OfAnHour_IsNotTooWideForAPicture()
    {
        const int Frames = 90_000;
        var score = Score with { Frames = Frames, Opening = [.. Enumerable.Repeat(0.1, Frames)], Loudness = new double[Frames] };
        var svg = XDocument.Parse(ScoreDrawing.Draw(score, "video"));
        Assert.InRange(int.Parse(svg.Root!.Attribute("width")!.Value, CultureInfo.InvariantCulture), 15_000, 32_767);
        Assert.InRange(svg.Descendants(Svg + "text").Count(), 100, 400);
    }

    private static SyncNetScore Similarities(params double[] values) =>
        new()
        {
            Windows = 1,
            OffsetFrames = null,
            Confidence = null,
            Similarity = 0.5,
            InSync = 0,
            Distances = [],
            Similarities = values,
        };
}
