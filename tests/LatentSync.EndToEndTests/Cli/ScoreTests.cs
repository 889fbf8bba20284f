using System.Text.Json;
using System.Xml.Linq;
using LatentSync.TestKit;

namespace LatentSync.EndToEndTests.Cli;

/// <summary><c>latentsync score</c> on a real face.</summary>
public sealed class ScoreTests(Samples samples) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Face_IsMeasuredInEveryFrame_AndPlotted()
    {
        var plot = _folder.File("plot.svg");
        var result = await CliRun.RunAsync("score", samples.Talk, "--audio", samples.LongSound, "--plot", plot, "--json");
        Assert.Equal(0, result.ExitCode);
        var score = JsonDocument.Parse(result.Output).RootElement;
        Assert.Equal(Samples.TalkFrames, score.GetProperty("frames").GetInt32());
        Assert.Equal(Samples.TalkFrames, score.GetProperty("frames_with_face").GetInt32());
        Assert.InRange(score.GetProperty("correlation").GetDouble(), -1, 1.0001);
        var openings = score.GetProperty("opening").EnumerateArray().Select(value => value.GetDouble()).ToList();
        Assert.All(openings, opening => Assert.InRange(opening, 0, 0.6));
        Assert.True(openings.Max() > 2 * openings.Min(), "The mouth of the speaker does not move.");
        Assert.Equal("svg", XDocument.Load(plot).Root!.Name.LocalName);
    }

    [Fact]
    public async Task VideoWithoutAFace_IsExplained()
    {
        var video = Samples.Make("-f", "lavfi", "-i", "testsrc2=s=320x240:r=25:d=0.4", _folder.File("no face.mp4"));
        var result = await CliRun.RunAsync("score", video, "--audio", samples.Sound);
        Assert.Equal((int)LipSyncErrorCode.NoFace, result.ExitCode);
        Assert.Contains("No usable face", result.Error, StringComparison.Ordinal);
    }
}
