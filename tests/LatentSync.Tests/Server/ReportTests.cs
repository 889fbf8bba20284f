using LatentSync.Server.Data;
using LatentSync.Server.Jobs;
using LatentSync.Server.Reports;

namespace LatentSync.Tests.Server;

/// <summary>What operators and owners are told of jobs and files.</summary>
public sealed class ReportTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = ServerSetup.Now;

    private ServerSetup _setup = null!;
    private int _count;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _setup = await ServerSetup.CreateAsync();

    public ValueTask DisposeAsync() => _setup.DisposeAsync();

    [Fact]
    public async Task Failures_AreCountedByKind_WithTheNewest()
    {
        await AddAsync(
            Failed("invalid_input", Now.AddHours(-1), "older"),
            Failed("invalid_input", Now.AddMinutes(-5), "newest", owner: "bert"),
            Failed("invalid_input", Now.AddHours(-25), "yesterday"),
            Failed("invalid_input", Now.AddDays(-8), "too old"),
            Failed("engine_lost", Now.AddHours(-24), "on the border"),
            Failed("no_face", Now.AddDays(-8), "too old"),
            New(JobState.Succeeded, job => job.FinishedAt = Now)
        );
        var found = await _setup.Get<FailureReport>().ReadAsync(Stop);
        Assert.Equal(
            [("invalid_input", 2, 3, "newest", "bert"), ("engine_lost", 1, 1, "on the border", "anna")],
            found.Select(count => (count.Kind, count.LastDay, count.LastWeek, count.Message, count.Owner))
        );
        Assert.Equal(Now.AddMinutes(-5), found[0].At);
    }

    [Fact]
    public async Task NoFailures_AreAnEmptyList() => Assert.Empty(await _setup.Get<FailureReport>().ReadAsync(Stop));

    [Fact]
    public async Task AnOwner_HasOwnJobsAndFiles()
    {
        await AddAsync(
            New(JobState.Succeeded, job => (job.ResultBytes, job.ExpiresAt) = (100, Now.AddDays(2))),
            New(JobState.Succeeded, job => (job.ResultBytes, job.ExpiresAt) = (50, Now.AddDays(1))),
            New(JobState.Queued),
            New(JobState.Succeeded, job => (job.ResultBytes, job.ExpiresAt) = (7, Now), owner: "bert")
        );
        await using (var database = await _setup.Databases.CreateDbContextAsync(Stop))
        {
            database.Uploads.AddRange(Upload("anna", 10, isComplete: true), Upload("anna", 1000, isComplete: false), Upload("bert", 3, isComplete: true));
            await database.SaveChangesAsync(Stop);
        }

        var report = _setup.Get<OwnerReport>();
        Assert.Equal(new OwnerUse(3, 160, Now.AddDays(1)), await report.ReadAsync("anna", Stop));
        Assert.Equal(new OwnerUse(0, 0, null), await report.ReadAsync("nobody", Stop));
    }

    [Fact]
    public async Task Storage_IsSortedByWhatItIs()
    {
        await AddAsync(New(JobState.Succeeded, job => job.ExpiresAt = Now.AddDays(3)), New(JobState.Failed, job => job.ExpiresAt = Now.AddDays(1)));
        Write(10, "uploads", "upl_1");
        Write(20, "uploads", "upl_2");
        Write(300, "jobs", "job_1", "result.mp4");
        Write(1000, "jobs", "job_1", "analysis");
        Write(2000, "jobs", "job_2", "segments", "00000.seg");
        Write(4000, "tmp", "cpu", "left");
        Write(7, "link-key");
        using var report = _setup.Get<StorageReport>();
        var use = await report.ReadAsync(Stop);
        Assert.Equal((30L, 300L, 7000L, Now.AddDays(1)), (use.UploadBytes, use.ResultBytes, use.WorkBytes, use.NextExpiry));
        Assert.True(use is { DatabaseBytes: > 0, FreeBytes: > 0 });

        // Who looks again at once gets the same.
        Write(40, "uploads", "upl_3");
        Assert.Same(use, await report.ReadAsync(Stop));
    }

    private void Write(int length, params string[] path)
    {
        var file = Path.Combine([_setup.Folder, .. path]);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, new byte[length]);
    }

    private async Task AddAsync(params Job[] jobs)
    {
        await using var database = await _setup.Databases.CreateDbContextAsync(Stop);
        database.Jobs.AddRange(jobs);
        await database.SaveChangesAsync(Stop);
    }

    private Job Failed(string kind, DateTimeOffset at, string message, string owner = "anna") =>
        New(JobState.Failed, job => (job.ErrorKind, job.ErrorMessage, job.FinishedAt) = (kind, message, at), owner);

    private Job New(JobState state, Action<Job>? change = null, string owner = "anna")
    {
        var job = new Job
        {
            Id = Invariant($"job_{++_count:000}"),
            Owner = owner,
            CreatedAt = Now,
            UpdatedAt = Now,
            State = state,
            VideoId = "upl_v",
            AudioId = "upl_a",
            Options = "{}",
            Dialect = "v1",
            Container = ".mp4",
        };
        change?.Invoke(job);
        return job;
    }

    private Upload Upload(string owner, long length, bool isComplete) =>
        new()
        {
            Id = Invariant($"upl_{++_count:000}"),
            Owner = owner,
            CreatedAt = Now,
            Length = length,
            IsComplete = isComplete,
            ExpiresAt = Now.AddDays(1),
        };
}
