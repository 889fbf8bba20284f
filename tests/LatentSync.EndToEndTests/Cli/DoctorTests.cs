using LatentSync.TestKit;

namespace LatentSync.EndToEndTests.Cli;

/// <summary><c>latentsync doctor</c> on a machine that has everything, and on poorer ones.</summary>
public sealed class DoctorTests(Samples samples) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Everything_IsThere()
    {
        var result = await CliRun.RunAsync("doctor", "--models", samples.Models);
        Assert.True(result.ExitCode == 0, result.ToString());
        string[] parts = ["machine", "ffmpeg", "ONNX Runtime", "face models", "models"];
        Assert.All(parts, part => Assert.Contains($"ok      {part}: ", result.Output, StringComparison.Ordinal));
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task Json_HasAnObjectPerPart()
    {
        using var run = CliRun.Start(["doctor", "--json"], start => start.WorkingDirectory = _folder.Path);
        var result = await run.FinishAsync();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.All(result.Events, line => Assert.NotEmpty((string)line["text"]!));
        Assert.Equal(
            new ModelLibrary(_folder.Path).Shipped is null ? ["models"] : [], result.Events.Where(line => !(bool)line["found"]!).Select(line => (string)line["part"]!));
    }

    [Fact]
    public async Task WithoutFfmpeg_SaysHowToGetIt()
    {
        using var run = CliRun.Start(["doctor"], start => start.Environment["PATH"] = _folder.Path);
        var result = await run.FinishAsync();
        Assert.Equal((int)LipSyncErrorCode.MissingDependency, result.ExitCode);
        Assert.Contains("MISSING ffmpeg: ffmpeg was not found; install ffmpeg", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutFfmpeg_SyncSaysSoToo()
    {
        using var run = CliRun.Start(
            ["sync", "--video", samples.Talk, "--audio", samples.Sound, "--out", _folder.File("result.mp4"), "--models", samples.Models],
            start => start.Environment["PATH"] = _folder.Path);
        (await run.FinishAsync()).AssertFailed(LipSyncErrorCode.MissingDependency, "install ffmpeg", "LATENTSYNC_FFMPEG");
    }

    [Fact]
    public async Task BrokenModels_AreReported()
    {
        var result = await CliRun.RunAsync("doctor", "--models", _folder.Path);
        Assert.Equal((int)LipSyncErrorCode.MissingDependency, result.ExitCode);
        Assert.Contains($"MISSING models: The model folder \"{_folder.Path}\" lacks", result.Output, StringComparison.Ordinal);
    }
}
