using LatentSync.Media.Ffmpeg;
using LatentSync.TestKit;
using TestMedia = LatentSync.EndToEndTests.Media.TestMedia;

namespace LatentSync.EndToEndTests.Cli;

/// <summary>Jobs that are killed, fail or are stopped, and resume. Four seconds of result in parts of 0.4.</summary>
public sealed class ResumeTests(Samples samples) : IDisposable
{
    private const int Kills = 5;
    private const int Seed = 7;

    private readonly TemporaryFolder _folder = new();

    private string Output => Path.Combine(Directory.CreateDirectory(_folder.File("out")).FullName, "result.mp4");

    private string JobFolder => _folder.File("out/.result.mp4.latentsync");

    public void Dispose() => _folder.Dispose();

    /// <summary>However often it is killed, the result is the one of an undisturbed run, frame by frame, and so are its times.</summary>
    [Fact]
    public async Task KilledAtAnyTime_GoesOnToTheSameResult()
    {
        RunningPrograms.SkipUnlessKnown();
        await SucceedAsync(_folder.File("undisturbed.mp4"));
        var random = new Random(Seed);
        var wentOn = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            var before = Parts();
            using var run = Start(Output);
            await run.WaitForChildAsync("pipe:0");
            for (var parts = before + random.Next(3); Parts() < parts && !File.Exists(Output); )
            {
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }

            await Task.Delay(random.Next(400), TestContext.Current.CancellationToken);
            await run.KillAsync();
            wentOn += Parts() > before ? 1 : 0;
            Assert.False(File.Exists(Output));
        }

        Assert.InRange(wentOn, 1, Kills);
        var last = await SucceedAsync(Output);
        Assert.Contains("Resuming", last.Error, StringComparison.Ordinal);
        Assert.Equal(await DecodedAsync(_folder.File("undisturbed.mp4")), await DecodedAsync(Output));
        Assert.Equal([Output], Directory.EnumerateFileSystemEntries(_folder.File("out")));
    }

    [Fact]
    public async Task Interrupted_SaysWhatIsKept_AndResumeTakesItUp()
    {
        RunningPrograms.SkipUnlessKnown();
        await StopAfterAsync(2);
        Assert.Contains(Output, (await RunAsync("jobs", "list")).Output, StringComparison.Ordinal);
        var result = await RunAsync("resume", Output);
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("Resuming", result.Error, StringComparison.Ordinal);
        Assert.Contains("No job was stopped", (await RunAsync("jobs", "list")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnotherJob_IsRefused_AndRestartBeginsAnew()
    {
        RunningPrograms.SkipUnlessKnown();
        await StopAfterAsync(1);
        (await RunAsync([.. Arguments(Output), "--seed", "5"])).AssertFailed(LipSyncErrorCode.InvalidOptions, "--seed 1247 instead of 5", "--restart");
        (await RunAsync([.. Arguments(Output), "--sampler", "uni_pc"])).AssertFailed(
            LipSyncErrorCode.InvalidOptions,
            "--sampler ddim instead of uni_pc",
            "--restart"
        );
        Assert.True(Directory.Exists(JobFolder));
        var result = await RunAsync([.. Arguments(Output), "--restart"]);
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.DoesNotContain("Resuming", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AChangedInput_IsRefused()
    {
        RunningPrograms.SkipUnlessKnown();
        var sound = _folder.File("sound.wav");
        File.Copy(Sound(), sound);
        await StopAfterAsync(1, sound);
        Samples.Make("-i", Sound(), "-af", "volume=0.5", sound);
        (await RunAsync(Arguments(Output, sound))).AssertFailed(LipSyncErrorCode.InvalidInput, sound, "has changed", "--restart");
    }

    [Fact(Explicit = true)]
    public async Task ADamagedPart_IsMadeAgain()
    {
        RunningPrograms.SkipUnlessKnown();
        await StopAfterAsync(3);
        var part = Path.Combine(JobFolder, "00001.mp4");
        var bytes = await File.ReadAllBytesAsync(part, TestContext.Current.CancellationToken);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(part, bytes, TestContext.Current.CancellationToken);
        await SucceedAsync(Output);
        await SucceedAsync(_folder.File("undisturbed.mp4"));
        Assert.Equal(await DecodedAsync(_folder.File("undisturbed.mp4")), await DecodedAsync(Output));
    }

    [Fact]
    public async Task ADamagedJournal_IsRefused()
    {
        RunningPrograms.SkipUnlessKnown();
        await StopAfterAsync(1);
        await File.WriteAllTextAsync(
            Path.Combine(JobFolder, "journal.json"),
            """{ "ticks_per_second": 12800, "segments": [ { "file": "../../x.mp4", "frames": 1, "start": 0, "end": 5, "bytes": 1, "sha256": "" } ] }""",
            TestContext.Current.CancellationToken
        );
        (await RunAsync(Arguments(Output))).AssertFailed(LipSyncErrorCode.InvalidInput, "journal.json", "damaged");
    }

    [Fact]
    public async Task TwoProcesses_DoNotShareAJob()
    {
        RunningPrograms.SkipUnlessKnown();
        using var run = Start(Output);
        await run.WaitForChildAsync("pipe:0");
        (await RunAsync(Arguments(Output))).AssertFailed(LipSyncErrorCode.OutputFailed, "Another latentsync is making");
        await run.KillAsync();
    }

    [Fact]
    public async Task AnOutputThatAppearedMeanwhile_IsKept_AndTheWorkToo()
    {
        RunningPrograms.SkipUnlessKnown();
        using var run = Start(Output);
        await WaitForPartsAsync(1);
        await File.WriteAllTextAsync(Output, "precious", TestContext.Current.CancellationToken);
        var result = await run.FinishAsync();
        Assert.Equal((int)LipSyncErrorCode.OutputFailed, result.ExitCode);
        Assert.Equal("precious", await File.ReadAllTextAsync(Output, TestContext.Current.CancellationToken));
        Assert.Contains("are kept", result.Error, StringComparison.Ordinal);
        var resumed = await RunAsync("resume", "--overwrite", Output);
        Assert.True(resumed.ExitCode == 0, resumed.ToString());
    }

    [Fact(Explicit = true)]
    public async Task EncoderKilled_KeepsTheParts()
    {
        RunningPrograms.SkipUnlessKnown();
        using (var run = Start(Output))
        {
            await WaitForPartsAsync(1);
            await run.KillChildAsync("pipe:0");
            var result = await run.FinishAsync();
            Assert.Equal((int)LipSyncErrorCode.MediaToolFailed, result.ExitCode);
            Assert.Contains("are kept", result.Error, StringComparison.Ordinal);
        }

        Assert.Contains("Resuming", (await SucceedAsync(Output)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Removed_LeavesNothing()
    {
        RunningPrograms.SkipUnlessKnown();
        await StopAfterAsync(1);
        Assert.Equal(0, (await RunAsync("jobs", "remove", JobFolder)).ExitCode);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.File("out")));
        (await RunAsync("resume", Output)).AssertFailed(LipSyncErrorCode.InvalidInput, "no unfinished job");
    }

    private string Sound()
    {
        var path = _folder.File("speech.wav");
        return File.Exists(path) ? path : Samples.Make("-i", samples.LongSound, "-t", "4", path);
    }

    private async Task StopAfterAsync(int parts, string? sound = null)
    {
        using var run = Start(Output, sound);
        await WaitForPartsAsync(parts);
        run.Interrupt(group: false);
        var result = await run.FinishAsync();
        Assert.Equal(130, result.ExitCode);
        Assert.Contains("are kept", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
    }

    private async Task WaitForPartsAsync(int parts)
    {
        while (Parts() < parts)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Parts in the journal, read while the program may be replacing it.</summary>
    private int Parts()
    {
        var path = Path.Combine(JobFolder, "journal.json");
        try
        {
            return File.Exists(path) ? File.ReadAllText(path).Split("\"sha256\"").Length - 1 : 0;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static async Task<string> DecodedAsync(string path)
    {
        var tools = MediaTools.Locate();
        var result = await ToolRun.RunAsync(
            tools.Launcher,
            tools.FfmpegPath,
            ["-v", "error", "-i", path, "-map", "0", "-f", "framemd5", "-"],
            1 << 20,
            TestMedia.Token
        );
        Assert.Equal(0, result.ExitCode);
        return System.Text.Encoding.ASCII.GetString(result.Output);
    }

    private async Task<CliResult> SucceedAsync(string output)
    {
        using var run = Start(output);
        var result = await run.FinishAsync();
        Assert.True(result.ExitCode == 0, result.ToString());
        return result;
    }

    private CliRun Start(string output, string? sound = null) => CliRun.Start(Arguments(output, sound), Change);

    private Task<CliResult> RunAsync(params IReadOnlyList<string> arguments) => CliRun.RunAsync(arguments, Change);

    private void Change(System.Diagnostics.ProcessStartInfo start)
    {
        start.Environment["LATENTSYNC_SEGMENT_SECONDS"] = "0.4";
        start.Environment["LATENTSYNC_HOME"] = _folder.File("home");
    }

    private string[] Arguments(string output, string? sound = null) =>
        [
            "sync",
            "--video",
            samples.Talk,
            "--audio",
            sound ?? Sound(),
            "--out",
            output,
            "--models",
            samples.Models,
            "--inference-steps",
            "1",
            "--num-frames",
            "8",
            "--lips-expression",
            "1",
        ];
}
