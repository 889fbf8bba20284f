using System.Text.Json.Nodes;
using LatentSync.Media.Read;
using LatentSync.TestKit;
using TestMedia = LatentSync.EndToEndTests.Media.TestMedia;

namespace LatentSync.EndToEndTests.Cli;

/// <summary>Events for other programs: one JSON object a line on standard output, nothing on standard error.</summary>
public sealed class JsonTests(Samples samples) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Explicit = true)]
    public async Task SameJobTwice_GivesTheSameEventsAndFrames()
    {
        var (first, firstFrames) = await SyncAsync("first.mp4");
        var (second, secondFrames) = await SyncAsync("second.mp4");

        Assert.Equal(firstFrames, secondFrames);
        foreach (var events in (IReadOnlyList<JsonObject>[])[first, second])
        {
            var progress = events.SkipLast(1).ToList();
            Assert.All(progress, line => Assert.Equal("progress", (string?)line["event"]));
            Assert.Equal(["diffusion", "faces", "output", "prepare"], progress.Select(line => (string)line["stage"]!).Distinct().Order(StringComparer.Ordinal));
            Assert.All(progress.GroupBy(line => (string)line["stage"]!), AssertCountsUp);

            var result = events[^1];
            Assert.Equal("result", (string?)result["event"]);
            Assert.Equal(
                (Samples.SoundFrames, Samples.SoundFrames, 0),
                ((int)result["frames"]!, (int)result["synced_frames"]!, (int)result["frames_without_face"]!)
            );
            Assert.All(["bridged_frames", "frames_turned_away", "scene_cuts"], name => Assert.Equal(0, (int)result[name]!));
            Assert.Equal((Samples.Width, Samples.Height), ((int)result["width"]!, (int)result["height"]!));
            Assert.True(File.Exists((string)result["output"]!));
        }
    }

    [Fact]
    public async Task Error_IsOneEvent()
    {
        var result = await CliRun.RunAsync(
            "sync",
            "--json",
            "--video",
            _folder.File("none.mp4"),
            "--audio",
            samples.Sound,
            "--out",
            _folder.File("result.mp4"),
            "--models",
            samples.Models
        );
        Assert.Equal((int)LipSyncErrorCode.InvalidInput, result.ExitCode);
        Assert.Empty(result.Error);
        var line = Assert.Single(result.Events);
        Assert.Equal(("error", 3, "InvalidInput"), ((string?)line["event"], (int)line["code"]!, (string?)line["kind"]));
        Assert.Equal($"\"{_folder.File("none.mp4")}\" does not exist; check the path.", (string?)line["message"]);
        Assert.Equal(_folder.File("none.mp4"), (string?)line["path"]);
    }

    [Fact]
    public async Task MistakenOption_IsAnErrorEvent()
    {
        var result = await CliRun.RunAsync("sync", "--json", "--num-frames", "5");
        Assert.Equal((int)LipSyncErrorCode.InvalidOptions, result.ExitCode);
        Assert.Empty(result.Error);
        var line = Assert.Single(result.Events);
        Assert.Equal(("error", 2), ((string?)line["event"], (int)line["code"]!));
        Assert.Contains("--num-frames is 5", (string?)line["message"], StringComparison.Ordinal);
        Assert.Contains("Option '--video' is required.", (string?)line["message"], StringComparison.Ordinal);
    }

    private static void AssertCountsUp(IEnumerable<JsonObject> stage)
    {
        var counts = stage.Select(line => ((long)line["done"]!, (long)line["total"]!)).ToList();
        Assert.Equal(counts.Order(), counts);
        Assert.Single(counts.Select(count => count.Item2).Distinct());
        Assert.Equal(counts[^1].Item2, counts[^1].Item1);
    }

    private async Task<(IReadOnlyList<JsonObject> Events, IReadOnlyList<string> Frames)> SyncAsync(string name)
    {
        var output = _folder.File(name);
        var result = await CliRun.RunAsync(
            "sync",
            "--json",
            "--video",
            samples.Talk,
            "--audio",
            samples.Sound,
            "--out",
            output,
            "--models",
            samples.Models,
            "--inference-steps",
            "2"
        );
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Empty(result.Error);
        return (result.Events, await TestMedia.HashFramesAsync(output, new VideoReadOptions()));
    }
}
