using System.Text.Json;
using System.Xml.Linq;
using LatentSync.TestKit;
using LatentSync.TestKit.Checkpoints;

namespace LatentSync.EndToEndTests.Cli;

/// <summary><c>latentsync score</c> on a real face.</summary>
public sealed class ScoreTests(Samples samples) : IDisposable
{
    // The first 16 frames make the first window.
    private const int Windows = Samples.TalkFrames - 15;

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
    public async Task SyncNet_ComparesEveryWindow()
    {
        var network = _folder.File("stable_syncnet.pt");
        SyncNetCheckpoint.Write(network);
        var result = await CliRun.RunAsync("score", samples.Talk, "--audio", samples.LongSound, "--syncnet", network, "--json");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        var score = JsonDocument.Parse(result.Output).RootElement.GetProperty("syncnet");
        Assert.Equal(Windows, score.GetProperty("windows").GetInt32());
        Assert.InRange(score.GetProperty("offset_frames").GetInt32(), -15, 15);
        Assert.InRange(score.GetProperty("confidence").GetDouble(), 0, 1.5);
        Assert.InRange(score.GetProperty("similarity").GetDouble(), 0.01, 1);
        Assert.Equal(31, score.GetProperty("distances").GetArrayLength());
        Assert.Equal(Windows, score.GetProperty("similarities").EnumerateArray().Count(value => value.ValueKind == JsonValueKind.Number));
    }

    [Fact]
    public async Task Plot_CanBeAPng()
    {
        var plot = _folder.File("plot.png");
        var result = await CliRun.RunAsync("score", samples.Talk, "--audio", samples.LongSound, "--plot", plot);
        Assert.SkipWhen(result.Error.Contains("librsvg", StringComparison.Ordinal), "SKIPPED: this ffmpeg was built without librsvg.");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        var picture = Png.Read(plot);
        Assert.Equal((80 + (4 * Samples.TalkFrames), 300), (picture.Width, picture.Height));
        Assert.True(picture.Pixels.Distinct().Count() > 10, "The plot is empty.");
    }

    [Fact]
    public async Task SyncNetBesideTheModels_IsTaken_UnlessItIsOff()
    {
        var network = _folder.File("stable_syncnet.pt");
        SyncNetCheckpoint.Write(network);
        var taken = await CliRun.RunAsync("score", samples.Talk, "--audio", samples.LongSound, "--models", _folder.Path, "--syncnet-step", "4");
        Assert.Contains(network, taken.Error, StringComparison.Ordinal);
        Assert.Contains(
            Invariant($"SyncNet            {(Windows + 3) / 4} windows of 16 frames\n  lips late by     unknown\n"),
            taken.Output,
            StringComparison.Ordinal
        );
        var off = await CliRun.RunAsync("score", samples.Talk, "--audio", samples.LongSound, "--models", _folder.Path, "--syncnet", "off");
        Assert.Equal((0, ""), (off.ExitCode, off.Error));
        Assert.DoesNotContain("SyncNet", off.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SyncNetOfAnotherKind_IsExplained()
    {
        var network = _folder.File("tiny.pt");
        TorchArchiveWriter.Write(network, new Dictionary<string, object?>(StringComparer.Ordinal) { ["weight"] = TorchTensor.Single([1, 2], 2) });
        (await CliRun.RunAsync("score", samples.Talk, "--audio", samples.Sound, "--syncnet", network)).AssertFailed(
            LipSyncErrorCode.InvalidModel,
            network,
            "is not a checkpoint of LatentSync's SyncNet"
        );
    }

    [Fact]
    public async Task PlotOfAnotherKind_IsRefusedBeforeMeasuring() =>
        (await CliRun.RunAsync("score", _folder.File("none.mp4"), "--plot", _folder.File("plot.gif"))).AssertFailed(
            LipSyncErrorCode.InvalidOptions,
            "plot.gif",
            ".svg or .png"
        );

    [Fact]
    public async Task VideoWithoutAFace_IsExplained()
    {
        var video = Samples.Make("-f", "lavfi", "-i", "testsrc2=s=320x240:r=25:d=0.4", _folder.File("no face.mp4"));
        var result = await CliRun.RunAsync("score", video, "--audio", samples.Sound);
        Assert.Equal((int)LipSyncErrorCode.NoFace, result.ExitCode);
        Assert.Contains("No usable face", result.Error, StringComparison.Ordinal);
    }
}
