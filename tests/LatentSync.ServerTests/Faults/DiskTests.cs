using System.Diagnostics;
using System.Net;
using LatentSync.ServerTests.Support;
using LatentSync.TestKit;

namespace LatentSync.ServerTests.Faults;

/// <summary>A full disk: a small file system in memory, which a file of the test fills.</summary>
public sealed class DiskTests
{
    private static readonly Dictionary<string, string> Settings = new(StringComparer.Ordinal) { ["MinFreeBytes"] = "20000000", ["Devices:0"] = "cpu" };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FullDisk_RefusesAndPauses_ThenGoesOn()
    {
        using var folder = new TemporaryFolder();
        var data = folder.File("small");
        Directory.CreateDirectory(data);
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", data), "A file system can only be mounted by root.");
        try
        {
            await using var server = await ServerProgram.StartAsync(data, Settings);
            var jobs = new JobClient(server.Client);
            var running = await jobs.SubmitAsync(JobClient.Seed(segments: 8, milliseconds: 1500));
            await jobs.WaitAsync(running, job => (int?)job["segments"]!["done"] > 0);
            await File.WriteAllBytesAsync(Path.Combine(data, "filler"), new byte[48_000_000], Stop);

            using var body = new ByteArrayContent([1]);
            using var refused = await server.Client.PutAsync("/v1/uploads", body, Stop);
            Assert.Equal(HttpStatusCode.InsufficientStorage, refused.StatusCode);
            Assert.Equal("disk_full", (string?)(await JobClient.JsonAsync(refused))["kind"]);
            Assert.NotNull(refused.Headers.RetryAfter);

            // The segment in hand ends; no other is begun.
            await Task.Delay(TimeSpan.FromSeconds(3), Stop);
            var paused = await jobs.GetAsync(running);
            await Task.Delay(TimeSpan.FromSeconds(3), Stop);
            Assert.Equal("generating", (string?)paused["state"]);
            Assert.Equal((int?)paused["segments"]!["done"], (int?)(await jobs.GetAsync(running))["segments"]!["done"]);

            File.Delete(Path.Combine(data, "filler"));
            Assert.Equal("succeeded", (string?)(await jobs.WaitAsync(running))["state"]);
            Assert.Equal("succeeded", (string?)(await jobs.WaitAsync(await jobs.SubmitAsync()))["state"]);
        }
        finally
        {
            Run("umount", data);
        }
    }

    [Fact]
    public async Task ReadOnlyDisk_IsRefusedAtTheStart()
    {
        using var folder = new TemporaryFolder();
        var data = folder.File("small");
        Directory.CreateDirectory(data);
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", "size=8m,ro", "tmpfs", data), "A file system can only be mounted by root.");
        try
        {
            var (code, _, error) = await ServerProgram.RunAsync("serve", "--data", data, "--listen", "http://127.0.0.1:0");
            Assert.Equal(6, code);
            Assert.Contains("cannot be written", error, StringComparison.Ordinal);
        }
        finally
        {
            Run("umount", data);
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
