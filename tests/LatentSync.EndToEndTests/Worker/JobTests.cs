using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using LatentSync.EndToEndTests.Cli;
using LatentSync.Imaging;
using LatentSync.Media.Read;
using LatentSync.TestKit;
using LatentSync.TestKit.Hub;
using Decoder = LatentSync.TestKit.TestMedia;
using TestMedia = LatentSync.EndToEndTests.Media.TestMedia;

namespace LatentSync.EndToEndTests.Worker;

/// <summary>Real jobs of a worker, with the built-in model and the sample head.</summary>
public sealed class JobTests : IDisposable
{
    private const int Side = 512;
    private const int Frames = 8;
    private const int Samples = Frames * 640;

    // Users are promised a second; a machine that runs other tests beside this one is given more. The jobs would take minutes.
    private static readonly TimeSpan Promptly = TimeSpan.FromSeconds(5);

    private readonly TemporaryFolder _folder = new();

    public JobTests() => DemoProgram.SkipWithoutModel();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task FramesWithAFace_ComeBackPaintedLikeThoseOfTheLibrary()
    {
        var frames = Head();
        using var worker = await WorkerHost.GreetedAsync();
        worker.Frame = index => frames[index].Pixels;
        var sound = Voice();
        worker.Send(FramesJob(steps: 1));
        worker.SendSound(sound);
        var result = await worker.FinishAsync();
        Assert.Equal(
            ("result", Frames, Frames, Samples),
            ((string?)result["event"], (int)result["frames"]!, (int)result["synced_frames"]!, (int)result["samples"]!)
        );

        var expected = new List<byte[]>();
        using var engine = LipSyncEngine.Load(new LipSyncEngineOptions { ModelFolder = DemoModel, Device = LipSyncDevice.Cpu }, TestMedia.Token);
        var request = new LipSyncFramesRequest
        {
            Width = Side,
            Height = Side,
            Frames = Frames,
            Sound = new LipSyncSound(sound, 16000),
            Read = (index, pixels, _) => Copy(frames[index].Pixels, pixels),
            Write = (frame, _) =>
            {
                Assert.Equal((expected.Count, expected.Count, true), (frame.Index, frame.SourceIndex, frame.IsPainted));
                expected.Add(frame.Pixels.ToArray());
                return ValueTask.CompletedTask;
            },
            Options = new LipSyncOptions
            {
                Sampling = new()
                {
                    InferenceSteps = 1,
                    LipsExpression = 1,
                    NumFrames = 4,
                },
            },
        };
        await engine.SyncFramesAsync(request, progress: null, TestMedia.Token);
        Assert.Equal(expected, worker.Frames.Cast<byte[]>());
        List<byte[]> enumerated = [];
        await foreach (var frame in engine.EnumerateFramesAsync(request with { Write = null }, progress: null, TestMedia.Token))
        {
            enumerated.Add(frame.Pixels.ToArray());
        }

        Assert.Equal(expected, enumerated);
        await Assert.ThrowsAsync<ArgumentException>(() => engine.SyncFramesAsync(request with { Write = null }, progress: null, TestMedia.Token));
        Assert.All(expected.Zip(frames), pair => Assert.NotEqual(pair.Second.Pixels, pair.First));
    }

    [Fact]
    public async Task MasksAndFaces_ComeIfTheHostWantsThem_AndSayWhatWasPainted()
    {
        var frames = Head();
        using var worker = await WorkerHost.GreetedAsync();
        worker.Frame = index => frames[index].Pixels;
        var (places, found) = (new List<int[]>(), new List<JsonObject>());
        worker.Seen = message =>
        {
            if ((string?)message["event"] == "mask")
            {
                places.Add([(int)message["left"]!, (int)message["top"]!, (int)message["width"]!, (int)message["height"]!]);
            }
            else if ((string?)message["event"] == "faces")
            {
                Assert.DoesNotContain(worker.Frames, frame => frame is byte[]);
                found.Add(message);
            }
        };
        var job = FramesJob(steps: 1);
        (job["masks"], job["faces"]) = (true, true);
        worker.Send(job);
        worker.SendSound(Voice());
        Assert.Equal("result", (string?)(await worker.FinishAsync())["event"]);

        var faces = Assert.Single(found);
        Assert.Equal(0, (int)faces["frame"]!);
        var face = Assert.Single(faces["faces"]!.AsArray())!;
        Assert.True((bool)face["chosen"]!);
        var box = face["box"]!.AsArray().Select(side => (double)side!).ToArray();
        Assert.Equal(Enumerable.Range(0, Frames), worker.Masks.Select(mask => mask.Frame));
        foreach (var (index, weights) in worker.Masks)
        {
            var (place, painted, source) = (places[index], (byte[])worker.Frames[index], frames[index].Pixels);
            Assert.Equal(place[2] * place[3], weights.Length);
            Assert.InRange(place[0] + (place[2] / 2.0), box[0], box[2]);
            Assert.Contains((byte)255, weights);
            for (var i = 0; i < Side * Side; i++)
            {
                var (x, y) = ((i % Side) - place[0], (i / Side) - place[1]);
                var weight = x >= 0 && y >= 0 && x < place[2] && y < place[3] ? weights[(y * place[2]) + x] : 0;
                Assert.True(weight > 0 || painted.AsSpan(3 * i, 3).SequenceEqual(source.AsSpan(3 * i, 3)), "A pixel changed that the mask leaves out.");
            }
        }
    }

    [Fact]
    public async Task AModelIsDownloadedIntoTheHostsFolder_AndTheDownloadCanBeStopped()
    {
        using var hub = new HubServer { Misbehave = _ => HubAnswer.Error(503) };
        using var worker = await WorkerHost.GreetedAsync(
            new Dictionary<string, string>
            {
                ["HF_ENDPOINT"] = hub.Address,
                ["HF_HOME"] = _folder.Path,
                ["no_proxy"] = "127.0.0.1",
                ["HF_TOKEN"] = string.Empty,
            }
        );
        var clock = new Stopwatch();
        worker.Send(Pull("latentsync-1.6"));
        while (hub.Requests.IsEmpty)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TestMedia.Token);
        }

        clock.Start();
        worker.Send(new JsonObject { ["type"] = "cancel" });
        Assert.Equal("cancelled", (string?)(await worker.FinishAsync())["event"]);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, Promptly);

        hub.Misbehave = _ => HubAnswer.Error(404);
        worker.Send(Pull("latentsync-1.6"));
        var error = await worker.FinishAsync();
        Assert.Equal(("error", "download_failed"), ((string?)error["event"], (string?)error["kind"]));

        worker.Send(Pull("no such"));
        Assert.Equal("invalid_options", (string?)(await worker.FinishAsync())["kind"]);

        JsonObject Pull(string name) =>
            new()
            {
                ["type"] = "pull_model",
                ["name"] = name,
                ["folder"] = _folder.File("models"),
                ["keep_model"] = true,
            };
    }

    [Fact]
    public async Task FramesWithoutAFace_AreNamedInsteadOfSent()
    {
        using var worker = await WorkerHost.GreetedAsync();
        worker.Frame = index => Grey((byte)index);
        var job = FramesJob(steps: 1);
        job["frames"] = 3;
        worker.Send(job);
        worker.SendSound(new float[Samples]);
        var result = await worker.FinishAsync();
        Assert.Equal(("result", 0, Frames), ((string?)result["event"], (int)result["synced_frames"]!, (int)result["frames_without_face"]!));
        Assert.Equal([0, 1, 2, 2, 1, 0, 0, 1], worker.Frames.Cast<int>());
    }

    [Theory]
    [InlineData("50", 16)]
    [InlineData("12.5", 4)]
    [InlineData("30000/1001", 10)]
    public async Task FrameRate_IsThatOfTheHost(string fps, int expected)
    {
        using var worker = await WorkerHost.GreetedAsync();
        worker.Frame = index => Grey((byte)index);
        var job = FramesJob(steps: 1);
        (job["frames"], job["fps"]) = (100, fps);
        worker.Send(job);
        worker.SendSound(new float[Samples]);
        var result = await worker.FinishAsync();
        Assert.Equal(("result", expected), ((string?)result["event"], (int)result["frames"]!));
        Assert.Equal(Enumerable.Range(0, expected), worker.Frames.Cast<int>());
    }

    [Theory]
    [InlineData("want")]
    [InlineData("progress")]
    [InlineData("begin")]
    public async Task Cancel_StopsAFramesJobAtEveryStage(string moment)
    {
        var frames = Head();
        using var worker = await WorkerHost.GreetedAsync();
        worker.Frame = index => frames[index % Frames].Pixels;
        var clock = new Stopwatch();
        worker.Seen = message =>
        {
            if ((string?)message["event"] == moment && (moment != "progress" || (string?)message["stage"] == "diffusion") && !clock.IsRunning)
            {
                clock.Start();
                worker.Send(new JsonObject { ["type"] = "cancel" });
            }
        };
        worker.Send(FramesJob(steps: 500));
        worker.SendSound(Voice());
        Assert.Equal("cancelled", (string?)(await worker.FinishAsync())["event"]);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, Promptly);

        // The worker continues.
        worker.Seen = null;
        worker.Send(FramesJob(steps: 1));
        worker.SendSound(Voice());
        Assert.Equal("result", (string?)(await worker.FinishAsync())["event"]);
    }

    [Fact]
    public async Task Files_GiveTheVideoOfTheCommandLine()
    {
        var (film, sound) = Inputs();
        using var worker = await WorkerHost.GreetedAsync();
        JsonObject? preview = null;
        var isEarly = false;
        worker.Seen = message =>
        {
            preview = (string?)message["event"] == "preview" ? message : preview;
            isEarly |= preview is not null && (string?)message["stage"] == "diffusion" && (long)message["done"]! < (long)message["total"]!;
        };
        worker.Send(FilesJob(film, sound, "worker.mp4", steps: 1));
        var result = await worker.FinishAsync();
        Assert.Equal(("result", Frames, Side), ((string?)result["event"], (int)result["frames"]!, (int)result["width"]!));
        Assert.Equal(256 * 256 * 3, Convert.FromBase64String((string)preview!["rgb"]!).Length);
        Assert.True(isEarly, "The first picture came after the last clip.");
        var command = await CliRun.RunAsync(
            "sync",
            "--video",
            film,
            "--audio",
            sound,
            "--out",
            _folder.File("command.mp4"),
            "--models",
            DemoModel,
            "--device",
            "cpu",
            "--inference-steps",
            "1",
            "--lips-expression",
            "1",
            "--num-frames",
            "4"
        );
        Assert.Equal(0, command.ExitCode);
        Assert.Equal(
            await TestMedia.HashFramesAsync(_folder.File("command.mp4"), new VideoReadOptions()),
            await TestMedia.HashFramesAsync(_folder.File("worker.mp4"), new VideoReadOptions())
        );
        Assert.Equal(0, (await worker.ExitAsync()).ExitCode);
    }

    [Fact(Explicit = true)]
    public async Task FramesAndFiles_GiveTheSamePictures()
    {
        const int Encoding = 3;
        var (film, sound) = Inputs();
        var frames = Head();
        using var worker = await WorkerHost.GreetedAsync();
        worker.Frame = index => frames[index].Pixels;
        worker.Send(FramesJob(steps: 1));
        worker.SendSound([.. Wav.Read(sound).Select(sample => sample / 32768f)]);
        Assert.Equal("result", (string?)(await worker.FinishAsync())["event"]);
        worker.Send(FilesJob(film, sound, "result.mp4", steps: 1));
        Assert.Equal("result", (string?)(await worker.FinishAsync())["event"]);

        var encoded = Decoder.ReadFrames(_folder.File("result.mp4"), Side, Side, step: 1, Frames).ToList();
        Assert.Equal(Frames, encoded.Count);
        foreach (var (index, picture) in worker.Frames.Cast<byte[]>().Index())
        {
            Assert.InRange(Difference(picture, encoded[index].Pixels), 0, Encoding);
            Assert.True(Difference(picture, frames[index].Pixels) > 2 * Difference(picture, encoded[index].Pixels), "The mouth is that of the source.");
        }
    }

    [Fact]
    public async Task FiftyFramesPerSecond_AreAllPainted()
    {
        var frames = Head();
        using var worker = await WorkerHost.GreetedAsync();
        worker.Frame = index => frames[index].Pixels;
        var job = FramesJob(steps: 1);
        job["fps"] = "50";
        worker.Send(job);
        worker.SendSound(Voice());
        var result = await worker.FinishAsync();
        Assert.Equal((2 * Frames, 2 * Frames), ((int)result["frames"]!, (int)result["synced_frames"]!));
        Assert.Equal(2 * Frames, worker.Frames.OfType<byte[]>().Count());
    }

    [Fact]
    public async Task FilesThatDoNotExist_AreAnErrorWithItsCode()
    {
        using var worker = await WorkerHost.GreetedAsync("zh");
        worker.Send(FilesJob("no such.mp4", "no such.wav", "result.mp4", steps: 1));
        var error = await worker.FinishAsync();
        Assert.Equal(
            ("error", 3, "invalid_input", "输入无法使用"),
            ((string?)error["event"], (int)error["code"]!, (string?)error["kind"], (string?)error["title"])
        );
        Assert.Equal("\"no such.mp4\" does not exist; check the path.", (string?)error["message"]);
    }

    [Theory]
    [InlineData("face", "like:anna.jpg", "invalid_input", "\"{0}\" does not exist; check the path.")]
    [InlineData("quiet_mouth", "shut", "invalid_options", "--quiet-mouth is shut; it must be model, rest or source.")]
    [InlineData("insightface", "faces", "invalid_model", "{1}")]
    public async Task SettingsThatDoNotWork_AreSaidAndTheWorkerGoesOn(string name, string value, string kind, string sentence)
    {
        using var worker = await WorkerHost.GreetedAsync();
        worker.Frame = index => Grey((byte)index);
        var job = FramesJob(steps: 1);
        var settings = (JsonObject)job["settings"]!;
        (settings[name], settings["folder"]) = (value, _folder.Path);
        worker.Send(job);
        worker.SendSound(new float[Samples]);
        var error = await worker.FinishAsync();
        Assert.Equal(("error", kind), ((string?)error["event"], (string?)error["kind"]));
        Assert.Contains(
            string.Format(CultureInfo.InvariantCulture, sentence, _folder.File("anna.jpg"), _folder.File("faces")),
            (string?)error["message"],
            StringComparison.Ordinal
        );

        worker.Send(FramesJob(steps: 1));
        worker.SendSound(new float[Samples]);
        Assert.Equal("result", (string?)(await worker.FinishAsync())["event"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FilesJobThatIsStoppedOrLosesItsHost_LeavesNothing(bool isLost)
    {
        var (film, sound) = Inputs();
        var before = Directory.EnumerateFileSystemEntries(_folder.Path).ToHashSet(StringComparer.Ordinal);
        using var worker = await WorkerHost.GreetedAsync();
        var clock = new Stopwatch();
        worker.Seen = message =>
        {
            if ((string?)message["stage"] == "diffusion" && !clock.IsRunning)
            {
                clock.Start();
                if (isLost)
                {
                    worker.CloseInput();
                }
                else
                {
                    worker.Send(new JsonObject { ["type"] = "cancel" });
                }
            }
        };
        worker.Send(FilesJob(film, sound, "result.mp4", steps: 500));
        Assert.Equal("cancelled", (string?)(await worker.FinishAsync())["event"]);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, Promptly);
        Assert.Equal(0, (await worker.ExitAsync()).ExitCode);
        Assert.Equal(before, Directory.EnumerateFileSystemEntries(_folder.Path).ToHashSet(StringComparer.Ordinal));
        Assert.DoesNotContain(RunningPrograms.All(), program =>
            program.Parent == worker.Id || program.CommandLine.Contains(_folder.Path, StringComparison.Ordinal)
        );
    }

    private static string DemoModel => Path.Combine(AppContext.BaseDirectory, "models", "demo");

    private static float[] Voice() => [.. Enumerable.Range(0, Samples).Select(i => (float)(0.3 * Math.Sin(i * 0.1) * Math.Sin(i * 0.003)))];

    private static byte[] Grey(byte value)
    {
        var pixels = new byte[Side * Side * 3];
        pixels.AsSpan().Fill(value);
        return pixels;
    }

    private static ValueTask Copy(byte[] source, Memory<byte> destination)
    {
        source.CopyTo(destination);
        return ValueTask.CompletedTask;
    }

    private static List<RgbImage> Head() => [.. Decoder.ReadFrames(Path.Combine(AppContext.BaseDirectory, "samples", "head.mp4"), Side, Side, step: 1, Frames)];

    /// <summary>Of the mouth's part of the picture, the mean in levels.</summary>
    private static double Difference(byte[] picture, byte[] other)
    {
        const int FirstRow = 280;
        const int LastRow = 440;
        return Enumerable.Range(FirstRow * Side * 3, (LastRow - FirstRow) * Side * 3).Average(i => Math.Abs(picture[i] - other[i]));
    }

    private static JsonObject Settings(int steps) =>
        new()
        {
            ["model"] = DemoModel,
            ["device"] = "cpu",
            ["inference_steps"] = steps,
            ["lips_expression"] = 1,
            ["num_frames"] = 4,
        };

    private static JsonObject FramesJob(int steps) =>
        new()
        {
            ["type"] = "sync_frames",
            ["width"] = Side,
            ["height"] = Side,
            ["frames"] = Frames,
            ["samples"] = Samples,
            ["sample_rate"] = 16000,
            ["keep_model"] = true,
            ["settings"] = Settings(steps),
        };

    private JsonObject FilesJob(string video, string audio, string output, int steps) =>
        new()
        {
            ["type"] = "sync_files",
            ["video"] = video,
            ["audio"] = audio,
            ["output"] = _folder.File(output),
            ["settings"] = Settings(steps),
        };

    private (string Film, string Sound) Inputs() =>
        (
            Path.Combine(AppContext.BaseDirectory, "samples", "head.mp4"),
            LatentSync.EndToEndTests.Samples.Make("-i", Path.Combine(AppContext.BaseDirectory, "samples", "voice.wav"), "-t", "0.32", _folder.File("sound.wav"))
        );
}
