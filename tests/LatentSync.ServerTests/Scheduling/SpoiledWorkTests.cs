using LatentSync.Server.Data;
using LatentSync.Server.Jobs;
using LatentSync.Server.Settings;
using LatentSync.Server.Work.Scheduling;
using LatentSync.ServerTests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace LatentSync.ServerTests.Scheduling;

/// <summary>Files that the storage spoils are made again, but not for ever.</summary>
public sealed class SpoiledWorkTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(TestDatabase.Sqlite)]
    [InlineData(TestDatabase.Postgres)]
    public async Task Segment_IsMadeAgain_UntilItsAttemptsAreOver(TestDatabase database)
    {
        await using var setup = await QueueSetup.CreateAsync(database);
        var job = await setup.AddAsync("a", segments: 2);
        var made = await setup.DoAsync();
        for (var failures = 1; ; failures++)
        {
            await setup.Queue.MakeAgainAsync(await setup.TakeAsync(), made);
            if (await StateAsync(setup, job.Id) == JobState.Failed)
            {
                Assert.Equal(setup.Get<IOptions<ServerSettings>>().Value.Attempts, failures);
                await AssertMadeAnewAfterARetryAsync(setup, job.Id, made.Segment);
                break;
            }

            // Among what waits there is the segment again, in a row of its own.
            var again = await setup.DoAsync();
            Assert.Equal((made.Segment, failures), (again.Segment, again.Failures));
            Assert.NotEqual(made.Id, again.Id);
            made = again;
            await using var rows = await setup.OpenAsync();
            Assert.Equal(1, await rows.Work.CountAsync(work => work.State == WorkState.Done, Stop));
            var changes = new JobChanges(rows, await rows.Jobs.FirstAsync(Stop), setup.Get<TimeProvider>());
            changes.Add(WorkKind.Join);
            await rows.SaveChangesAsync(Stop);
        }
    }

    [Fact]
    public async Task AfterAnAnalysis_TheJobBeginsAnew_UntilItsAttemptsAreOver()
    {
        await using var setup = await QueueSetup.CreateAsync(TestDatabase.Sqlite);
        var job = await setup.AddAsync("a", segments: 1);
        var (segment, analysis) = (await setup.TakeAsync(), await AnalysisAsync(setup, job));
        for (var failures = 1; ; failures++)
        {
            await setup.Queue.MakeAgainAsync(segment, analysis);
            Assert.False(await setup.Queue.RenewAsync(segment, Stop));
            if (await StateAsync(setup, job.Id) == JobState.Failed)
            {
                Assert.Equal(setup.Get<IOptions<ServerSettings>>().Value.Attempts, failures);
                Assert.Null(await setup.Queue.TakeAsync(new WorkRequest("test/0"), Stop));
                break;
            }

            Assert.Equal(JobState.Queued, await StateAsync(setup, job.Id));
            analysis = await setup.DoAsync();
            Assert.Equal((WorkKind.Analyse, failures), (analysis.Kind, analysis.Failures));
            await AddSegmentAsync(setup, job.Id);
            segment = await setup.TakeAsync();
        }
    }

    /// <summary>Who has mended the storage retries, and the segment is not taken for done.</summary>
    private static async Task AssertMadeAnewAfterARetryAsync(QueueSetup setup, string id, int segment)
    {
        await using var database = await setup.OpenAsync();
        await new JobChanges(database, await database.Jobs.FirstAsync(job => job.Id == id, Stop), setup.Get<TimeProvider>()).RetryAsync();
        await database.SaveChangesAsync(Stop);
        Assert.True(await database.Work.AnyAsync(work => work.State == WorkState.Ready && work.Segment == segment && work.Failures == 0, Stop));
    }

    private static async Task AddSegmentAsync(QueueSetup setup, string id)
    {
        await using var database = await setup.OpenAsync();
        new JobChanges(database, await database.Jobs.FirstAsync(job => job.Id == id, Stop), setup.Get<TimeProvider>()).Add(WorkKind.Segment, 0);
        await database.SaveChangesAsync(Stop);
    }

    private static async Task<WorkItem> AnalysisAsync(QueueSetup setup, Job job)
    {
        await using var database = await setup.OpenAsync();
        new JobChanges(database, job, setup.Get<TimeProvider>()).Add(WorkKind.Analyse);
        var item = Assert.Single(database.ChangeTracker.Entries<WorkItem>()).Entity;
        (item.State, item.Digest) = (WorkState.Done, "0");
        await database.SaveChangesAsync(Stop);
        return item;
    }

    private static async Task<JobState> StateAsync(QueueSetup setup, string id)
    {
        await using var database = await setup.OpenAsync();
        return (await database.Jobs.FirstAsync(job => job.Id == id, Stop)).State;
    }
}
