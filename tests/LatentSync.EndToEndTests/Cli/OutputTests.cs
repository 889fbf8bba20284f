using System.Diagnostics;
using LatentSync.TestKit;

namespace LatentSync.EndToEndTests.Cli;

/// <summary>Outputs that cannot or must not be written.</summary>
public sealed class OutputTests(Samples samples) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Existing_IsKept()
    {
        var path = _folder.File("result.mp4");
        File.WriteAllText(path, "precious");
        (await RunAsync(path)).AssertFailed(LipSyncErrorCode.OutputFailed, path, "exists already", "--overwrite");
        Assert.Equal("precious", File.ReadAllText(path));
        Assert.Single(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task FolderIsMissing()
    {
        var path = _folder.File("none/result.mp4");
        (await RunAsync(path)).AssertFailed(LipSyncErrorCode.OutputFailed, path, "its folder does not exist");
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task Folder_IsNotAFile() =>
        (await RunAsync(Directory.CreateDirectory(_folder.File("a.mp4")).FullName)).AssertFailed(LipSyncErrorCode.OutputFailed, "is a folder");

    [Fact]
    public async Task Existing_IsReplacedWhenAllowed()
    {
        var path = _folder.File("result.mp4");
        File.WriteAllText(path, "not precious");
        var result = await RunAsync(path, "--overwrite");
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.InRange(new FileInfo(path).Length, 10_000, long.MaxValue);
        Assert.Single(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task Input_IsNotTheOutput()
    {
        var path = _folder.File("talk.mp4");
        File.Copy(samples.Talk, path);
        var before = File.ReadAllBytes(path);
        var same = Path.Combine(_folder.Path, "..", Path.GetFileName(_folder.Path), "talk.mp4");
        (await CliRun.RunAsync("sync", "--video", path, "--audio", samples.Sound, "--out", same, "--overwrite", "--models", samples.Models)).AssertFailed(
            LipSyncErrorCode.InvalidOptions,
            "both an input and the output"
        );
        Assert.Equal(before, File.ReadAllBytes(path));
    }

    [Fact]
    public async Task UnknownEnding() =>
        (await RunAsync(_folder.File("result.webm"))).AssertFailed(LipSyncErrorCode.InvalidOptions, "result.webm", ".mp4, .mov, .mkv");

    [Fact]
    public async Task DiskIsFull()
    {
        const string size = "48k";
        var disk = Directory.CreateDirectory(_folder.File("disk")).FullName;
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Call("mount", "-t", "tmpfs", "-o", "size=" + size, "none", disk),
            "SKIPPED: a small disk can only be mounted by root on Linux."
        );
        try
        {
            var path = Path.Combine(disk, "result.mp4");
            (await RunAsync(path)).AssertFailed(LipSyncErrorCode.OutputFailed, path, "The disk is full");
            Assert.Empty(Directory.EnumerateFileSystemEntries(disk));
        }
        finally
        {
            Assert.True(Call("umount", disk));
        }
    }

    /// <summary>A disk that fills up after some parts: they stay, and the job resumes when there is space.</summary>
    [Fact]
    public async Task DiskFillsUp_AndIsMadeLarger()
    {
        var disk = Directory.CreateDirectory(_folder.File("disk")).FullName;
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Call("mount", "-t", "tmpfs", "-o", "size=600k", "none", disk),
            "SKIPPED: a small disk can only be mounted by root on Linux."
        );
        try
        {
            var path = Path.Combine(disk, "result.mp4");
            var full = await RunAsync(path);
            Assert.Equal((int)LipSyncErrorCode.OutputFailed, full.ExitCode);
            Assert.Contains("are kept", full.Error, StringComparison.Ordinal);
            Assert.Contains("The disk is full", full.Error, StringComparison.Ordinal);
            Assert.False(File.Exists(path));
            Assert.True(Call("mount", "-o", "remount,size=20m", disk));
            var resumed = await RunAsync(path);
            Assert.True(resumed.ExitCode == 0, resumed.ToString());
            Assert.Contains("Resuming", resumed.Error, StringComparison.Ordinal);
            Assert.Equal([path], Directory.EnumerateFileSystemEntries(disk));
        }
        finally
        {
            Assert.True(Call("umount", disk));
        }

        Task<CliResult> RunAsync(string output) =>
            CliRun.RunAsync(
                [
                    "sync",
                    "--video",
                    samples.Talk,
                    "--audio",
                    samples.LongSound,
                    "--out",
                    output,
                    "--models",
                    samples.Models,
                    "--inference-steps",
                    "1",
                    "--lips-expression",
                    "1",
                ],
                start => start.Environment["LATENTSYNC_SEGMENT_SECONDS"] = "0.4"
            );
    }

    private Task<CliResult> RunAsync(string output, params string[] more) =>
        CliRun.RunAsync([
            "sync",
            "--video",
            samples.Talk,
            "--audio",
            samples.Sound,
            "--out",
            output,
            "--models",
            samples.Models,
            "--inference-steps",
            "1",
            "--lips-expression",
            "1",
            .. more,
        ]);

    private static bool Call(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
