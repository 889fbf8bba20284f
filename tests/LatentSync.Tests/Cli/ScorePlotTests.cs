using System.Xml.Linq;
using LatentSync.Cli.Reporting;

namespace LatentSync.Tests.Cli;

public class ScorePlotTests
{
    [Fact]
    public void Draw_IsXml_WithALinePerStretchOfFaces()
    {
        var score = new LipSyncScore
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
        var svg = XDocument.Parse(ScorePlot.Draw(score, "a < b & c"));
        XNamespace ns = "http://www.w3.org/2000/svg";
        Assert.Equal(2, svg.Descendants(ns + "polyline").Count());
        Assert.Equal("a < b & c: mouth opening (blue) and loudness (grey)", svg.Descendants(ns + "text").First().Value);
        Assert.DoesNotContain(svg.Descendants().Attributes(), attribute => attribute.Value.Contains("NaN", StringComparison.Ordinal));
    }
}
