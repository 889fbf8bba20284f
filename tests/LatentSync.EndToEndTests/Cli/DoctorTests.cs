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
        Assert.Contains(result.Events, line => ((string)line["part"]!).StartsWith("GPU", StringComparison.Ordinal));

        // What there is of a GPU is this machine's business.
        string[] parts = ["machine", "ffmpeg", "ONNX Runtime", "face models", "models"];
        Assert.Equal(
            new ModelLibrary(_folder.Path).Shipped is null ? ["models"] : [],
            result.Events.Where(line => !(bool)line["found"]!).Select(line => (string)line["part"]!).Intersect(parts, StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData(0, "ok      GPU: no NVIDIA card: the CPU is used")]
    [InlineData(1, "ok      GPU 0: Fake RTX 4070 (00000000:01:00.0), 9.0 of 12.0 GiB free, driver 580.65.06, CUDA 13.0")]
    public async Task Cards_AreThoseOfTheDriver(int cards, string line)
    {
        var result = await WithFakeCardsAsync(cards, "doctor");
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains(line, result.Output, StringComparison.Ordinal);
    }

    /// <summary>CUDA 12, which every driver of today runs, in the folder that the user names.</summary>
    [Fact]
    public async Task Libraries_AreFoundWhereTheUserSays()
    {
        Directory.CreateDirectory(_folder.File("cuda"));
        foreach (var name in (string[])["libnvrtc.so.12", "libcublasLt.so.12", "libcudnn.so.9"])
        {
            await File.WriteAllTextAsync(_folder.File("cuda/" + name), "a library", TestContext.Current.CancellationToken);
        }

        var result = await WithFakeCardsAsync(1, "doctor");
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains($"ok      CUDA 12: libcublasLt.so.12, libnvrtc.so.12 in {_folder.File("cuda")}", result.Output, StringComparison.Ordinal);
        Assert.Contains($"ok      cuDNN 9 for CUDA 12: libcudnn.so.9 in {_folder.File("cuda")}", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CardWithoutCuda_ComesWithAdviceAndIsNoError()
    {
        var result = await WithFakeCardsAsync(1, "doctor");
        Assert.True(result.ExitCode == 0, result.ToString());

        var events = (await WithFakeCardsAsync(1, "doctor", "--json")).Events;
        var cuda = Assert.Single(events, line => ((string)line["part"]!).StartsWith("CUDA ", StringComparison.Ordinal));
        Assert.False((bool)cuda["required"]!);
        Assert.SkipWhen((bool)cuda["found"]!, "This machine has CUDA.");
        Assert.Contains("not found; run: python3 -m pip install --target ", (string)cuda["text"]!, StringComparison.Ordinal);
        Assert.Contains($"missing {cuda["part"]}: {cuda["text"]}", result.Output, StringComparison.Ordinal);
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
            start => start.Environment["PATH"] = _folder.Path
        );
        (await run.FinishAsync()).AssertFailed(LipSyncErrorCode.MissingDependency, "install ffmpeg", "LATENTSYNC_FFMPEG");
    }

    [Fact]
    public async Task BrokenModels_AreReported()
    {
        var result = await CliRun.RunAsync("doctor", "--models", _folder.Path);
        Assert.Equal((int)LipSyncErrorCode.MissingDependency, result.ExitCode);
        Assert.Contains($"MISSING models: The model folder \"{_folder.Path}\" lacks", result.Output, StringComparison.Ordinal);
    }

    /// <summary>Runs with a driver that the system's loader finds before a real one.</summary>
    private async Task<CliResult> WithFakeCardsAsync(int cards, params string[] arguments)
    {
        Assert.SkipWhen(await FakeNvml.CompileAsync(_folder.Path, cards) is null, "There is no /usr/bin/gcc to compile the fake NVML with.");
        using var run = CliRun.Start(arguments, start =>
        {
            start.WorkingDirectory = _folder.Path;
            start.Environment["LD_LIBRARY_PATH"] = _folder.Path;
            start.Environment["LATENTSYNC_CUDA_HOME"] = _folder.File("cuda");
        });
        return await run.FinishAsync();
    }
}
