using LatentSync.TestKit;

namespace LatentSync.EndToEndTests.Cli;

/// <summary><c>latentsync models</c> with the small networks: import, list, show, use, verify, remove.</summary>
public sealed class ModelsTests(Samples samples) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Home => _folder.File("home");

    private string Store => Path.Combine(Home, "models");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--copy", Explicit = true)]
    [InlineData("--link")]
    public async Task ImportedModel_CanBeUsedByItsName(string mode)
    {
        // On the volume of the store, so that it can be linked.
        var source = _folder.File("source");
        LatentSync.TestKit.Checkpoints.GoldenModelFolder.Create(source);
        var imported = Assert.Single((await RunAsync("models", "import", source, "--name", "small", mode, "--json")).Events, line =>
            (string?)line["event"] == "imported"
        );
        Assert.Equal(("small", "ready", 5), ((string?)imported["name"], (string?)imported["state"], imported["files"]!.AsArray().Count));
        Assert.Equal(["small"], Directory.EnumerateDirectories(Store).Select(path => Path.GetFileName(path)!));

        Directory.Delete(source, recursive: true);
        Assert.Contains("small           ready", (await RunAsync("models", "list")).Output, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(Store, "small"), (await RunAsync("models", "show", "small")).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("DAMAGED", (await RunAsync("models", "verify")).Output, StringComparison.Ordinal);

        var named = await SyncAsync("--models", "small");
        Assert.Empty(named.ErrorLines);
        var unnamed = await SyncAsync("--overwrite");
        Assert.Equal([$"Using the model small ({Path.Combine(Store, "small")})."], unnamed.ErrorLines);

        await RunAsync("models", "remove", "small");
        Assert.Empty(Directory.EnumerateDirectories(Store));
    }

    [Fact]
    public async Task DamagedFile_IsNamedByVerify()
    {
        await RunAsync("models", "import", samples.Models, "--name", "small", "--copy");
        var file = Path.Combine(Store, "small", "whisper", "tiny.pt");
        using (var stream = File.OpenWrite(file))
        {
            stream.Write("damage"u8);
        }

        var result = await RunAsync(expected: (int)LipSyncErrorCode.InvalidModel, "models", "verify", "small");
        Assert.Contains($"DAMAGED  {file}: its SHA-256 is not the recorded one", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NameThatIsTaken_IsRefused()
    {
        await RunAsync("models", "import", samples.Models, "--name", "small");
        (await StartAsync("models", "import", samples.Models, "--name", "small")).AssertFailed(LipSyncErrorCode.InvalidOptions, "already", "--name");
    }

    [Fact]
    public async Task FolderThatIsNoModel_LeavesNothing()
    {
        (await StartAsync("models", "import", _folder.Path, "--name", "none")).AssertFailed(LipSyncErrorCode.InvalidModel, "lacks the UNet");
        Assert.False(Directory.Exists(Store));
    }

    [Fact]
    public async Task SeveralModels_HaveToBeChosenFrom()
    {
        await RunAsync("models", "import", samples.Models, "--name", "one");
        await RunAsync("models", "import", samples.Models, "--name", "two");
        (await StartAsync("sync", "--video", samples.Talk, "--audio", samples.Sound, "--out", _folder.File("result.mp4"))).AssertFailed(
            LipSyncErrorCode.InvalidOptions,
            "choose one with --models: one, two"
        );
    }

    [Fact]
    public async Task KnownModelThatIsNotHere_IsExplained() =>
        (
            await StartAsync("sync", "--video", samples.Talk, "--audio", samples.Sound, "--out", _folder.File("result.mp4"), "--models", "latentsync-1.6")
        ).AssertFailed(LipSyncErrorCode.InvalidModel, "latentsync models pull latentsync-1.6");

    [Theory]
    [InlineData("pull", "nonsense", "latentsync-1.5, latentsync-1.6")]
    [InlineData("pull", "../x", "cannot be the name")]
    [InlineData("remove", "../x", "cannot be the name")]
    public async Task NameThatCannotBe_IsRefused(string command, string name, string part) =>
        (await StartAsync("models", command, name)).AssertFailed(LipSyncErrorCode.InvalidOptions, part);

    [Fact]
    public async Task MistakeInASubcommand_PointsToItsHelp() =>
        Assert.Contains("See \"latentsync models pull --help\".", (await StartAsync("models", "pull")).Error, StringComparison.Ordinal);

    private Task<CliResult> SyncAsync(params string[] more) =>
        RunAsync([
            "sync",
            "--video",
            samples.Talk,
            "--audio",
            samples.Sound,
            "--out",
            _folder.File("result.mp4"),
            "--inference-steps",
            "1",
            "--lips-expression",
            "1",
            .. more,
        ]);

    private Task<CliResult> RunAsync(params string[] arguments) => RunAsync(expected: 0, arguments);

    private async Task<CliResult> RunAsync(int expected, params string[] arguments)
    {
        var result = await StartAsync(arguments);
        Assert.True(result.ExitCode == expected, result.ToString());
        return result;
    }

    private async Task<CliResult> StartAsync(params string[] arguments)
    {
        using var run = CliRun.Start(arguments, start => start.Environment["LATENTSYNC_HOME"] = Home);
        return await run.FinishAsync();
    }
}
