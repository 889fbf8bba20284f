using LatentSync.ServerTests.Support;

namespace LatentSync.ServerTests.Fleet;

/// <summary>The same fleet with a folder that all machines see instead of S3.</summary>
public sealed class SharedFolderTests
{
    [Fact]
    public async Task Jobs_GoThroughASharedFolder()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var fleet = await FleetProgram.StartAsync(workers: 1, isFolder: true);
        var jobs = await FleetJobs.SubmitAsync(fleet, 6, milliseconds: 100);
        await FleetJobs.CheckAsync(fleet, jobs);

        // Whole files under their digests, and nothing of the segments.
        var files = Directory.GetFiles(Path.Combine(fleet.Settings["Store:Folder"], "jobs"), "*", SearchOption.AllDirectories);
        Assert.DoesNotContain(files, file => file.EndsWith(".part", StringComparison.Ordinal));
        Assert.Equal(jobs.Count, files.Count(file => file.EndsWith(".mp4", StringComparison.Ordinal)));

        foreach (var (id, _) in jobs)
        {
            using var deleted = await fleet.Apis[1].Client.DeleteAsync($"/v1/jobs/{id}", stop);
            Assert.True(deleted.IsSuccessStatusCode);
        }

        Assert.Empty(Directory.GetFiles(Path.Combine(fleet.Settings["Store:Folder"], "jobs"), "*", SearchOption.AllDirectories));
    }
}
