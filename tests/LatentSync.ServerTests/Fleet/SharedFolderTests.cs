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

    /// <summary>What the join finds spoiled is made once more, by whoever is free, and the job ends as if nothing had happened.</summary>
    [Fact]
    public async Task SpoiledSegment_IsMadeAgain()
    {
        const int Segments = 6;
        var stop = TestContext.Current.CancellationToken;
        await using var fleet = await FleetProgram.StartAsync(apis: 1, workers: 1, devices: 1, isFolder: true);
        var client = fleet.Jobs();
        var id = await client.SubmitAsync(JobClient.Seed(Segments, milliseconds: 500));
        var folder = Path.Combine(fleet.Settings["Store:Folder"], "jobs", id, "segments");
        string? first = null;
        while (first is null)
        {
            await Task.Delay(20, stop);
            first = Directory.Exists(folder)
                ? Directory.EnumerateFiles(folder).FirstOrDefault(file => !file.EndsWith(".part", StringComparison.Ordinal))
                : null;
        }

        await File.WriteAllBytesAsync(first, new byte[new FileInfo(first).Length], stop);
        await FleetJobs.CheckAsync(fleet, [(id, Segments)]);
        var events = await fleet.Apis[0].Client.GetStringAsync($"/v1/jobs/{id}/events", stop);
        Assert.Equal(2, events.Split("it is made again").Length);
    }
}
