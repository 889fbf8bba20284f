using LatentSync.TestKit;

namespace LatentSync.EndToEndTests.Cli;

/// <summary>Mistakes on the command line are found before anything is opened, and all at once.</summary>
public sealed class OptionTests(Samples samples) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AllMistakes_ComeAtOnce()
    {
        var result = await CliRun.RunAsync(
            "sync",
            "--audio",
            "a.wav",
            "--out",
            "b.webm",
            "--num-frames",
            "5",
            "--cache-interval",
            "x",
            "--lips-expression",
            "1,5",
            "--inference-steps",
            "1000",
            "--seed",
            "-3",
            "--face",
            "right:1",
            "--bridge-frames",
            "26",
            "--device",
            "gpu",
            "--vram",
            "tiny",
            "--monitor-interval",
            "0",
            "--memory-warnings",
            "15,much",
            "--colour",
            "red"
        );
        Assert.Equal((int)LipSyncErrorCode.InvalidOptions, result.ExitCode);
        string[] mistakes =
        [
            "Option '--video' is required.",
            "\"b.webm\" cannot be written because its ending is none of .mp4, .mov, .mkv; choose one of these.",
            "--num-frames is 5; it must be 4, 8, 12, 16, 20, 24, 28 or 32.",
            "--cache-interval is x; it must be a whole number.",
            "--lips-expression is 1,5; it must be a number such as 1.5.",
            "--inference-steps is 1000; it must be from 1 to 999.",
            "--seed is -3; it must be a whole number from 0 to 18446744073709551615.",
            "--face is right:1; it must be largest, all, left:N (such as left:2), "
                + "point:X,Y or point:X,Y@FRAME (such as point:640,300@50), or like:PICTURE (such as like:anna.jpg).",
            "--bridge-frames is 26; it must be from 0 to 25.",
            "--device is gpu; it must be auto, cpu or cuda:N (such as cuda:0).",
            "--vram is tiny; it must be auto, low, medium, high or a number of GiB such as 6.",
            "--memory-warnings is 15,much; it must be GiB, separated by commas, such as 6,8.",
            "--monitor-interval is 0; it must be from 0.1 to 3600 seconds.",
            "Unrecognized command or argument '--colour'.",
        ];
        Assert.All(mistakes, mistake => Assert.Contains(mistake, result.ErrorLines));
        Assert.Equal("See \"latentsync sync --help\".", result.ErrorLines[^1]);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task MistakesOfLengthsAndEncoders_ComeAtOnce_InAnyLanguage()
    {
        using var run = CliRun.Start(
            [
                "sync",
                "--video",
                "a.mp4",
                "--audio",
                "a.wav",
                "--out",
                "b.mp4",
                "--length",
                "1",
                "--loop",
                "bounce",
                "--silent-padding",
                "0,5",
                "--audio-start",
                "-1.5",
                "--mix",
                "20.5",
                "--codec",
                "vp9",
                "--crf",
                "60",
                "--preset",
                "fast,crop",
            ],
            start => start.Environment["LANG"] = "de_DE.UTF-8"
        );
        var result = await run.FinishAsync();
        Assert.Equal((int)LipSyncErrorCode.InvalidOptions, result.ExitCode);
        string[] mistakes =
        [
            "--length is 1; it must be audio or video.",
            "--loop is bounce; it must be pingpong, loop, freeze or trim.",
            "--silent-padding is 0,5; it must be a number such as 1.5.",
            "--audio-start is -1.5; it must be from 0 to 43200 seconds.",
            "--mix is 20.5; it must be from -60 to 12 dB.",
            "--codec is vp9; it must be h264, hevc, av1 or prores.",
            "--crf is 60; for h264 it must be from 0 to 51.",
            "--preset is fast,crop; for h264 it must be ultrafast, superfast, veryfast, faster, fast, medium, slow, slower, veryslow or placebo.",
        ];
        Assert.All(mistakes, mistake => Assert.Contains(mistake, result.ErrorLines));
    }

    [Fact]
    public async Task NoModels_SaysWhereTheyAreLookedFor()
    {
        using var program = new DemoProgram();
        program.RemoveModel();
        (await program.RunAsync(_folder.Path, Arguments())).AssertFailed(LipSyncErrorCode.InvalidModel, "--models", "LATENTSYNC_MODELS", "./checkpoints");
    }

    [Fact]
    public async Task ModelFolder_OfTheEnvironmentIsUsed()
    {
        using var run = CliRun.Start(Arguments(), start => start.Environment["LATENTSYNC_MODELS"] = _folder.File("named"));
        (await run.FinishAsync()).AssertFailed(LipSyncErrorCode.InvalidModel, _folder.File("named"), "does not exist");
    }

    [Fact]
    public async Task Resolution_OfAnotherModelIsRefused() =>
        (await CliRun.RunAsync(Arguments("--models", samples.Models, "--resolution", "512"))).AssertFailed(
            LipSyncErrorCode.InvalidOptions,
            "--resolution 512",
            "128 pixels"
        );

    [Fact]
    public async Task InsightFaceFolder_IsMissing() =>
        (await CliRun.RunAsync(Arguments("--models", samples.Models, "--insightface", _folder.File("none")))).AssertFailed(
            LipSyncErrorCode.InvalidModel,
            _folder.File("none"),
            "det_10g.onnx"
        );

    [Fact]
    public async Task Help_NamesEveryOption()
    {
        var result = await CliRun.RunAsync("sync", "--help");
        Assert.Equal(0, result.ExitCode);
        string[] names =
        [
            "--video",
            "--audio",
            "--out",
            "--models",
            "--num-frames",
            "--cache-interval",
            "--inference-steps",
            "--lips-expression",
            "--seed",
            "--face",
            "--bridge-frames",
            "--strict",
            "--length",
            "--loop",
            "--silent-padding",
            "--audio-start",
            "--mix",
            "--codec",
            "--crf",
            "--preset",
            "--pix-fmt",
            "--resolution",
            "--insightface",
            "--parity",
            "--overwrite",
            "--json",
        ];
        Assert.All(names, name => Assert.Contains(name, result.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Defaults_AreWrittenAsTheyAreGiven()
    {
        var result = await CliRun.RunAsync("sync", "--help");
        string[] defaults =
        [
            "[default: model]",
            "[default: audio]",
            "[default: pingpong]",
            "[default: h264]",
            "[default: software]",
            "[default: largest]",
            "[default: auto]",
        ];
        Assert.All(defaults, text => Assert.Contains(text, result.Output, StringComparison.Ordinal));
        Assert.DoesNotMatch(@"\[default: [A-Z]", result.Output);
    }

    [Theory]
    [InlineData(new[] { "help" }, new[] { "--help" })]
    [InlineData(new[] { "help", "sync" }, new[] { "sync", "--help" })]
    [InlineData(new[] { "help", "models", "pull" }, new[] { "models", "pull", "--help" })]
    public async Task Help_IsACommandToo(string[] given, string[] same)
    {
        var (help, wanted) = (await CliRun.RunAsync(given), await CliRun.RunAsync(same));
        Assert.Equal((0, wanted.Output), (help.ExitCode, help.Output));
    }

    [Theory]
    [InlineData(new[] { "snyc" }, "Unrecognized command or argument 'snyc'. Did you mean 'sync'?")]
    [InlineData(new[] { "models", "pul" }, "Unrecognized command or argument 'pul'. Did you mean 'pull'?")]
    [InlineData(new[] { "sync", "--vidoe", "a.mp4" }, "Unrecognized command or argument '--vidoe'. Did you mean '--video'?")]
    [InlineData(new[] { "sync", "--Inference_Steps=4" }, "Unrecognized command or argument '--Inference_Steps=4'. Did you mean '--inference-steps'?")]
    [InlineData(new[] { "sync", "--colour", "red" }, "Unrecognized command or argument '--colour'.")]
    public async Task AMistypedName_IsAnsweredWithTheRightOne(string[] given, string mistake)
    {
        var result = await CliRun.RunAsync(given);
        Assert.Equal((int)LipSyncErrorCode.InvalidOptions, result.ExitCode);
        Assert.Contains(mistake, result.ErrorLines);
    }

    /// <summary>Such a name does not stand for a file with more arguments.</summary>
    [Fact]
    public async Task ANameThatBeginsWithAt_IsAName()
    {
        File.Copy(samples.Talk, _folder.File("@me.mp4"));
        File.WriteAllText(_folder.File("me.mp4"), "--secret");
        var inspected = await InFolderAsync("inspect", "@me.mp4");
        Assert.True(inspected.ExitCode == 0, inspected.ToString());
        var synced = await InFolderAsync("sync", "--video", "@me.mp4", "--audio", "@none.wav", "--out", "@result.mp4", "--models", samples.Models);
        synced.AssertFailed(LipSyncErrorCode.InvalidInput, "\"@none.wav\" does not exist");

        Task<CliResult> InFolderAsync(params string[] arguments) => CliRun.RunAsync(arguments, start => start.WorkingDirectory = _folder.Path);
    }

    [Fact]
    public async Task AnAddress_IsSaidToBeOne() =>
        (await CliRun.RunAsync("inspect", "https://example.com/a.mp4")).AssertFailed(
            LipSyncErrorCode.InvalidInput,
            "\"https://example.com/a.mp4\" is an address on the network"
        );

    [Fact]
    public async Task ANameThatIsNotUtf8_IsSaidToBeOne()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "SKIPPED: names are bytes on Linux only.");
        var script =
            $"cd {CliRun.Quote(_folder.Path)}; cp {CliRun.Quote(samples.Talk)} $'caf\\xe9.mp4'; \"$0\" \"$@\" $'caf\\xe9.mp4'; code=$?; rm *.mp4; exit $code";
        (await CliRun.RunAsync(["inspect"], CliRun.InShell(script))).AssertFailed(LipSyncErrorCode.InvalidInput, "not UTF-8", "rename");
    }

    [Theory]
    [InlineData(64)]
    [InlineData(100)]
    public async Task FewOpenFiles_AreSaidToBeTooFew(int files)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "SKIPPED: the limit is set by a shell of Linux.");
        var result = await CliRun.RunAsync(Arguments("--models", samples.Models), CliRun.InShell(Invariant($"ulimit -n {files}; exec \"$0\" \"$@\"")));
        result.AssertFailed(LipSyncErrorCode.MissingDependency, Invariant($"open {files} files at once"), "ulimit -n 1024");
    }

    private string[] Arguments(params string[] more) =>
        ["sync", "--video", samples.Talk, "--audio", samples.Sound, "--out", _folder.File("result.mp4"), .. more];
}
