using System.Diagnostics;
using LatentSync.ServerTests.Support;
using LatentSync.TestKit;

namespace LatentSync.ServerTests.Fleet;

/// <summary>The disk of one worker is full: it pauses, and the others do its work.</summary>
public sealed class WorkerDiskTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task FullDiskOfAWorker_CostsItsTimeOnly()
    {
        using var folder = new TemporaryFolder();
        var small = Directory.CreateDirectory(folder.File("small")).FullName;
        Assert.SkipUnless(await MountAsync("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", small), "A file system can only be mounted by root.");
        try
        {
            await using var fleet = await FleetProgram.StartAsync(apis: 1, workers: 1, devices: 1);
            var settings = new Dictionary<string, string>(fleet.Settings) { ["MinFreeBytes"] = "20000000", ["Devices:0"] = "cpu" };
            await using var worker = await ServerProgram.StartAsync(small, settings, arguments: ["--role", "worker"]);
            var jobs = await FleetJobs.SubmitAsync(fleet, 6, milliseconds: 1000);
            await fleet.Jobs().WaitAsync(jobs[0].Id, job => (string?)job["state"] is not ("uploading" or "queued"));
            await File.WriteAllBytesAsync(Path.Combine(small, "filler"), new byte[48_000_000], Stop);
            await Task.Delay(TimeSpan.FromSeconds(2), Stop);
            using var ready = await worker.Client.GetAsync("/readyz", Stop);
            Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, ready.StatusCode);
            await FleetJobs.CheckAsync(fleet, jobs);

            // It works again when there is room.
            File.Delete(Path.Combine(small, "filler"));
            await FleetJobs.CheckAsync(fleet, await FleetJobs.SubmitAsync(fleet, 4));
        }
        finally
        {
            await MountAsync("umount", small);
        }
    }

    private static async Task<bool> MountAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode == 0;
    }
}
