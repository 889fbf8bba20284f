using System.Text;
using LatentSync.FrontEnd.Engines;
using LatentSync.FrontEnd.Options;
using LatentSync.TestKit;
using LatentSync.Worker;

namespace LatentSync.Tests.Worker;

public sealed class JobOptionsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EveryOptionOfSync_IsOneOfBatchAndWorker()
    {
        var sync = Names(new JobCommand().Options.Select(option => option.Name)).Except(["json"]);
        Assert.Equal(sync, Names(new NamedOptions(new JobCommand()).Names));

        string[] members = ["audio", "models", "out", "overwrite", "video"];
        Assert.Equal(sync.Except(members), Accepted(new JobCommand()));

        string[] ofFiles =
        [
            "audio-delay",
            "audio-duration",
            "audio-start",
            "audio-track",
            "codec",
            "crf",
            "encoder",
            "fps",
            "mix",
            "pix-fmt",
            "preset",
            "restart",
            "video-start",
            "video-track",
        ];
        Assert.Equal(sync.Except(members).Except(ofFiles), Accepted(new JobCommand(isOfFiles: false)));

        IEnumerable<string> Accepted(JobCommand command) => sync.Where(name => IsAccepted(Settings($$"""{"{{name.Replace('-', '_')}}": "1"}"""), command));
    }

    [Fact]
    public void Settings_AreThoseOfTheCommandLine()
    {
        var settings = Settings(
            """
            {"num_frames": 8, "seed": 18446744073709551615, "lips_expression": 2.5, "quiet_mouth": "source", "quiet-after": 2, "face": "left:2", "strict": true,
             "sampler": "uni_pc", "guidance_from": 0.25, "guidance-to": 0.75, "silent_padding": 0.0,
             "loop": "freeze", "device": "cpu", "float32": false, "memory_warnings": "6,8", "parity": null}
            """
        );
        var options = new JobOptions(settings, new JobCommand(isOfFiles: false));
        var parsed = options.Parse();
        Assert.Equal(
            new LipSyncFileOptions
            {
                Sampling = new()
                {
                    NumFrames = 8,
                    Seed = ulong.MaxValue,
                    LipsExpression = 2.5,
                    Sampler = Sampler.UniPc,
                    GuidanceFrom = 0.25,
                    GuidanceTo = 0.75,
                },
                Sound = new() { QuietMouth = QuietMouth.Source, QuietAfter = 2 },
                Faces = new() { Face = FaceChoice.FromLeft(2) },
                Strict = true,
                Timing = new() { Loop = LipSyncLoop.Freeze },
            },
            options.Request(parsed).Options
        );
        Directory.CreateDirectory(_folder.File("model"));
        var models = new ModelLocation(new ModelLibrary(), _ => null, _folder.Path);
        settings.Model = _folder.File("model");
        var engine = options.Engine(parsed, models, out _);
        Assert.Equal((_folder.File("model"), LipSyncDevice.Cpu), (engine.ModelFolder, engine.Device));
        Assert.True(EngineOptions.AreEqual(engine, options.Engine(options.Parse(), models, out _)));
        Assert.False(EngineOptions.AreEqual(engine, engine with { MemoryWarnings = [6, 9] }));
        Assert.False(EngineOptions.AreEqual(engine, engine with { Precision = DevicePrecision.BFloat16 }));
    }

    [Fact]
    public void NothingGiven_IsTheDefault() =>
        Assert.Equal(
            new LipSyncFileOptions(),
            new JobOptions(Settings("{}"), new JobCommand(isOfFiles: false)) is var options ? options.Request(options.Parse()).Options : null
        );

    [Theory]
    [InlineData("""{"num_frames": 5}""", "--num-frames is 5; it must be 4, 8, 12, 16, 20, 24, 28 or 32.")]
    [InlineData("""{"num_frames": 8.0}""", "--num-frames is 8.0; it must be a whole number.")]
    [InlineData("""{"lips_expression": "1,5"}""", "--lips-expression is 1,5; it must be a number such as 1.5.")]
    [InlineData("""{"sampler": "euler"}""", "--sampler is euler; it must be ddim, dpmpp_2m or uni_pc.")]
    [InlineData("""{"preset_quality": "good"}""", "--preset-quality is good; it must be preview, balanced or best.")]
    [InlineData("""{"guidance_from": 0.5, "guidance_to": 0.5}""", "--guidance-to is 0.5; it must be above --guidance-from and at most 1.")]
    [InlineData("""{"quiet_mouth": "shut"}""", "--quiet-mouth is shut; it must be model, rest or source.")]
    [InlineData("""{"vram": "\ud800"}""", "The setting vram is not UTF-8; write it anew.")]
    [InlineData("""{"vram": "tiny"}""", "--vram is tiny; it must be auto, low, medium, high or a number of GiB such as 6.")]
    [InlineData("""{"face": ["largest"]}""", "The setting face is a list or an object; give it a single value.")]
    public void WrongValues_AreSaidAsOnTheCommandLine(string json, string sentence)
    {
        var error = Assert.Throws<LipSyncException>(() => new JobOptions(Settings(json), new JobCommand(isOfFiles: false)).Parse());
        Assert.Equal((LipSyncErrorCode.InvalidOptions, sentence), (error.Code, error.Message));
    }

    [Fact]
    public void AllMistakes_ComeAtOnce()
    {
        var error = Assert.Throws<LipSyncException>(() =>
            new JobOptions(Settings("""{"bridge_frames": 26, "device": "gpu"}"""), new JobCommand(isOfFiles: false)).Parse()
        );
        Assert.Equal(2, error.Message.Split(Environment.NewLine).Length);
    }

    [Theory]
    [InlineData("""{"preset_quality": "preview"}""", Sampler.DpmPlusPlus2M, 4, 2)]
    [InlineData("""{"preset_quality": "balanced"}""", Sampler.DpmPlusPlus2M, 8, 2)]
    [InlineData("""{"preset_quality": "best"}""", Sampler.DpmPlusPlus2M, 15, 3)]
    [InlineData("""{"preset_quality": "best", "vram": "low"}""", Sampler.DpmPlusPlus2M, 15, 3)]
    [InlineData("""{"preset_quality": "preview", "sampler": "ddim"}""", Sampler.Ddim, 4, 2)]
    [InlineData("""{"preset_quality": "preview", "inference_steps": 20, "cache_interval": 1}""", Sampler.DpmPlusPlus2M, 20, 1)]
    public void QualityPreset_SetsWhatIsNotGiven(string json, Sampler sampler, int steps, int cacheInterval)
    {
        var options = new JobOptions(Settings(json), new JobCommand(isOfFiles: false));
        var sampling = options.Request(options.Parse()).Options.Sampling;
        Assert.Equal((sampler, steps, cacheInterval), (sampling.Sampler, sampling.InferenceSteps, sampling.CacheInterval));
    }

    [Theory]
    [InlineData("like:my picture.jpg", "like:", "my picture.jpg")]
    [InlineData("like:../anna.png", "like:", "../anna.png")]
    [InlineData("left:2", "left:2", null)]
    [InlineData("point:1,2@3", "point:1,2@3", null)]
    public void RelativePaths_BeginInTheFolderOfTheHost(string face, string start, string? path)
    {
        var settings = Settings($$"""{"face": "{{face}}"}""");
        settings.Folder = _folder.Path;
        var options = new JobOptions(settings, new JobCommand(isOfFiles: false));
        Assert.Equal(path is null ? start : start + Path.GetFullPath(_folder.File(path)), options.Request(options.Parse()).Options.Faces.Face.ToString());
    }

    private static HostSettings Settings(string json) =>
        Assert
            .IsType<FilesMessage>(
                HostJson.Read(Encoding.UTF8.GetBytes($$"""{"type": "sync_files", "video": "v", "audio": "a", "output": "o", "settings": {{json}}}"""))
            )
            .Settings;

    private static bool IsAccepted(HostSettings settings, JobCommand command)
    {
        try
        {
            return new JobOptions(settings, command) is not null;
        }
        catch (ProtocolException)
        {
            return false;
        }
    }

    private static IEnumerable<string> Names(IEnumerable<string> names) => names.Select(name => name.TrimStart('-')).Order(StringComparer.Ordinal);
}
