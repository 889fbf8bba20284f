using System.Text.Json.Nodes;
using LatentSync.EndToEndTests.Cli;
using LatentSync.Media.Read;
using LatentSync.TestKit;
using TestMedia = LatentSync.EndToEndTests.Media.TestMedia;

namespace LatentSync.EndToEndTests.Worker;

/// <summary>A job in segments, made by workers with the built-in model.</summary>
public sealed class SegmentJobTests : IDisposable
{
    private const string FivePerSecond = "0.2";

    private readonly TemporaryFolder _folder = new();

    public SegmentJobTests() => DemoProgram.SkipWithoutModel();

    public void Dispose() => _folder.Dispose();

    [Fact(Explicit = true)]
    public async Task Segments_MadeBySeveralWorkersInAnyOrder_AreJoinedToTheResultOfOne()
    {
        var sound = Samples.Make("-i", Path.Combine(AppContext.BaseDirectory, "samples", "voice.wav"), "-t", "0.5", _folder.File("sound.wav"));
        JsonObject analysis;
        using (var worker = await GreetedAsync())
        {
            var previews = new List<int>();
            var stages = new HashSet<string>(StringComparer.Ordinal);
            worker.Seen = message =>
            {
                if ((string?)message["event"] == "preview")
                {
                    previews.Add((int)message["frame"]!);
                }
                else if ((string?)message["event"] == "progress")
                {
                    stages.Add((string)message["stage"]!);
                }
            };
            worker.Send(Message("analyze", sound, "joined.mp4", new JsonObject { ["analysis"] = Analysis, ["keep_model"] = true }));
            analysis = await worker.FinishAsync();
            Assert.Equal(("result", 13, 0.52), ((string?)analysis["event"], (int)analysis["frames"]!, (double)analysis["seconds"]!));
            Assert.Equal(["faces"], stages);
            Assert.Equal([0], previews);
        }

        var segments = analysis["segments"]!.AsArray();
        Assert.Equal(2, segments.Count);
        Assert.Equal((0, 8, 0, 0.32), Place(segments[0]!));
        Assert.Equal((8, 5, 0.32, 0.52), Place(segments[1]!));
        Assert.True((bool)analysis["faces"]![0]!["faces"]![0]!["chosen"]!);
        Assert.Equal(
            (int)analysis["face_pictures"]![0]!["width"]! * (int)analysis["face_pictures"]![0]!["height"]! * 3,
            Convert.FromBase64String((string)analysis["face_pictures"]![0]!["rgb"]!).Length
        );
        string[] paths = [_folder.File("a.mp4"), _folder.File("b.mp4")];
        await KilledAsync(sound);
        for (var i = paths.Length - 1; i >= 0; i--)
        {
            using var worker = await GreetedAsync();
            worker.Send(Segment(sound, i, paths[i]));
            var part = await worker.FinishAsync();
            Assert.Equal(("result", i, (int)segments[i]!["frames"]!), ((string?)part["event"], (int)part["segment"]!, (int)part["frames"]!));
            Assert.Equal(0, (await worker.ExitAsync()).ExitCode);
        }

        Assert.False(File.Exists(_folder.File("joined.mp4")));
        using var last = await GreetedAsync();
        last.Send(
            Message(
                "join",
                sound,
                "joined.mp4",
                new JsonObject
                {
                    ["analysis"] = Analysis,
                    ["segments"] = new JsonArray(paths[0], paths[1]),
                    ["keep_model"] = true,
                }
            )
        );
        var joined = await last.FinishAsync();
        last.Send(Message("sync_files", sound, "whole.mp4", []));
        var whole = await last.FinishAsync();
        string[] same = ["event", "width", "height", "frames", "synced_frames", "bridged_frames", "frames_without_face", "pictures_copied", "scene_cuts"];
        Assert.All(same, name => Assert.Equal(whole[name]!.ToJsonString(), joined[name]!.ToJsonString()));
        Assert.Equal(
            await TestMedia.HashFramesAsync(_folder.File("whole.mp4"), new VideoReadOptions { FrameRate = null }),
            await TestMedia.HashFramesAsync(_folder.File("joined.mp4"), new VideoReadOptions { FrameRate = null })
        );
        Assert.Equal(
            ["a.mp4", "analysis", "b.mp4", "joined.mp4", "sound.wav", "whole.mp4"],
            Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
    }

    /// <summary>A worker that dies in the middle leaves nothing where its file would be.</summary>
    private async Task KilledAsync(string sound)
    {
        var folder = Directory.CreateDirectory(_folder.File("killed")).FullName;
        using (var worker = await GreetedAsync())
        {
            worker.Send(Segment(sound, 0, Path.Combine(folder, "a.mp4")));
            for (string? stage = null; stage != "diffusion"; )
            {
                var message = (await worker.ReceiveAsync()).Json!;
                Assert.NotEqual("error", (string?)message["event"]);
                stage = (string?)message["stage"];
            }

            worker.Kill();
        }

        Assert.All(Directory.EnumerateFileSystemEntries(folder), path => Assert.StartsWith(".a.mp4.", Path.GetFileName(path), StringComparison.Ordinal));
        Directory.Delete(folder, recursive: true);
    }

    private JsonObject Segment(string sound, int segment, string path) =>
        Message(
            "sync_segment",
            sound,
            "joined.mp4",
            new JsonObject
            {
                ["analysis"] = Analysis,
                ["segment"] = segment,
                ["path"] = path,
            }
        );

    private static Task<WorkerHost> GreetedAsync() =>
        WorkerHost.GreetedAsync(new Dictionary<string, string> { ["LATENTSYNC_SEGMENT_SECONDS"] = FivePerSecond });

    private static (int First, int Frames, double Start, double End) Place(JsonNode segment) =>
        ((int)segment["first"]!, (int)segment["frames"]!, (double)segment["start"]!, (double)segment["end"]!);

    private string Analysis => _folder.File("analysis");

    private JsonObject Message(string type, string audio, string output, JsonObject members)
    {
        var message = new JsonObject
        {
            ["type"] = type,
            ["video"] = Path.Combine(AppContext.BaseDirectory, "samples", "head.mp4"),
            ["audio"] = audio,
            ["output"] = _folder.File(output),
            ["settings"] = new JsonObject
            {
                ["model"] = Path.Combine(AppContext.BaseDirectory, "models", "demo"),
                ["device"] = "cpu",
                ["inference_steps"] = 1,
                ["lips_expression"] = 1,
                ["num_frames"] = 4,
            },
        };
        foreach (var (name, value) in members)
        {
            message[name] = value?.DeepClone();
        }

        return message;
    }
}
