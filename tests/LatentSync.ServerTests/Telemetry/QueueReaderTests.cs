using System.Diagnostics;
using LatentSync.Server.Data;
using LatentSync.Server.Jobs;
using LatentSync.ServerTests.Support;
using Microsoft.EntityFrameworkCore;

namespace LatentSync.ServerTests.Telemetry;

/// <summary>The queue as /metrics tells of it, on both databases.</summary>
public sealed class QueueReaderTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(TestDatabase.Sqlite)]
    [InlineData(TestDatabase.Postgres)]
    public async Task EmptyQueue_IsZeros(TestDatabase kind)
    {
        await using var server = await QueueFixture.CreateAsync(kind);
        var read = await server.Reader.ReadAsync(Stop);
        Assert.Equal(Enum.GetValues<JobState>().Order(), read.Jobs.Keys.Order());
        Assert.All(read.Jobs.Values, count => Assert.Equal(0, count));
        Assert.Equal((0d, 0L, 0L, 0L, 0L), (read.Seconds, read.Waiting, read.Running, read.Busy, read.Idle));
        Assert.Equal(TimeSpan.Zero, read.Age);
    }

    [Theory]
    [InlineData(TestDatabase.Sqlite)]
    [InlineData(TestDatabase.Postgres)]
    public async Task Seconds_AreThoseOfTheLearnedRates(TestDatabase kind)
    {
        await using var server = await QueueFixture.CreateAsync(kind);
        await server.AddAsync(
            new WorkRate
            {
                Kind = "analyse",
                Frames = 100,
                Seconds = 2,
            },
            new WorkRate
            {
                Kind = "join",
                Frames = 1000,
                Seconds = 5,
            },
            new WorkRate
            {
                Kind = "segment",
                Frames = 200,
                Seconds = 20,
            },
            new WorkRate
            {
                Kind = "segment inference_steps=40",
                Frames = 100,
                Seconds = 25,
            }
        );
        var finished = server.Job(JobState.Succeeded, frames: 1000, segments: 4, done: 4);
        var generating = server.Job(JobState.Generating, frames: 500, segments: 5, done: 2, """{"inference_steps":40}""");
        var joining = server.Job(JobState.Joining, frames: 600, segments: 2, done: 2);
        var analysing = server.Job(JobState.Analysing);
        var queued = new[] { server.Job(JobState.Queued), server.Job(JobState.Queued) };
        await server.AddAsync([
            finished,
            generating,
            joining,
            analysing,
            .. queued,
            QueueFixture.Work(generating, WorkKind.Segment, WorkState.Leased, 2),
            QueueFixture.Work(generating, WorkKind.Segment, WorkState.Ready, 3),
            QueueFixture.Work(generating, WorkKind.Segment, WorkState.Ready, 4),
            QueueFixture.Work(joining, WorkKind.Join, WorkState.Ready),
            QueueFixture.Work(analysing, WorkKind.Analyse, WorkState.Leased),
            .. queued.Select(job => QueueFixture.Work(job, WorkKind.Analyse, WorkState.Ready)),
        ]);
        var read = await server.Reader.ReadAsync(Stop);

        // Two of five segments of 100 frames each at 0.25 s, and the join of all 500 at 0.005; another job's join.
        const double begun = (2 * 100 * 0.25) + (500 * 0.005) + (600 * 0.005);

        // As long as the three before them: 700 frames, at 0.02 s for the analysis, and what all segments took, 45 s for 300 frames.
        const double unknown = 700 * ((2 * 0.02) + (3 * (0.15 + 0.005)));
        Assert.Equal(begun + unknown, read.Seconds, tolerance: 1e-6);
        Assert.Equal((5L, 2L), (read.Waiting, read.Running));
        Assert.Equal((2L, 1L, 1L, 1L, 1L, 0L), Counts(read.Jobs));
        Assert.Equal(600, read.Age.TotalSeconds, tolerance: 60);
    }

    [Theory]
    [InlineData(TestDatabase.Sqlite)]
    [InlineData(TestDatabase.Postgres)]
    public async Task FirstJob_HasAnEstimateToo(TestDatabase kind)
    {
        await using var server = await QueueFixture.CreateAsync(kind);
        var job = server.Job(JobState.Queued);
        await server.AddAsync(job, QueueFixture.Work(job, WorkKind.Analyse, WorkState.Ready));
        Assert.InRange((await server.Reader.ReadAsync(Stop)).Seconds, 10, 100);
    }

    [Fact]
    public async Task WorkersOfAllProcesses_AreCounted()
    {
        await using var server = await QueueFixture.CreateAsync(TestDatabase.Postgres);
        var now = TimeProvider.System.GetUtcNow();
        await server.AddAsync(Worker("a", "job_1", now), Worker("b", null, now), Worker("c", null, now), Worker("gone", "job_2", now.AddHours(-1)));
        var read = await server.Reader.ReadAsync(Stop);
        Assert.Equal((1L, 2L), (read.Busy, read.Idle));
    }

    /// <summary>The largest queue that is accepted, and a week of results.</summary>
    [Theory(Explicit = true)]
    [InlineData(TestDatabase.Sqlite)]
    [InlineData(TestDatabase.Postgres)]
    public async Task HundredThousandJobs_AreReadQuickly(TestDatabase kind)
    {
        const int jobs = 100_000;
        await using var server = await QueueFixture.CreateAsync(kind);
        await server.AddAsync(
            new WorkRate
            {
                Kind = "segment",
                Frames = 1000,
                Seconds = 50,
            }
        );
        for (var part = 0; part < 80; part++)
        {
            var state = part < 70 ? JobState.Succeeded : JobState.Queued;
            var rows = Enumerable.Range(0, jobs / 10).Select(_ => server.Job(state, frames: part < 70 ? 750 : 0)).ToList();
            await server.AddAsync([.. rows, .. rows.Where(_ => part >= 70).Select(job => QueueFixture.Work(job, WorkKind.Analyse, WorkState.Ready))]);
        }

        await using (var database = server.Open())
        {
            await database.Database.ExecuteSqlRawAsync("ANALYZE", Stop);
        }

        var times = new List<double>();
        for (var i = 0; i < 11; i++)
        {
            var start = Stopwatch.GetTimestamp();
            var read = await server.Reader.ReadAsync(Stop);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            Assert.Equal(jobs, read.Waiting);
            Assert.Equal(7 * jobs, read.Jobs[JobState.Succeeded]);
            Assert.InRange(read.Seconds, 0.9 * jobs * 37.5, 1.5 * jobs * 37.5);
        }

        TestContext.Current.SendDiagnosticMessage(
            Invariant($"{kind}: first {times[0]:0} ms, then {times.Skip(1).Order().ElementAt(5):0} ms (median), {times.Skip(1).Max():0} ms at most")
        );
        Assert.InRange(times.Skip(1).Order().ElementAt(5), 0, 1000);
    }

    private static (long, long, long, long, long, long) Counts(IReadOnlyDictionary<JobState, long> jobs) =>
        (jobs[JobState.Queued], jobs[JobState.Analysing], jobs[JobState.Generating], jobs[JobState.Joining], jobs[JobState.Succeeded], jobs[JobState.Failed]);

    private static WorkerRecord Worker(string name, string? job, DateTimeOffset seen) =>
        new()
        {
            Name = name,
            Device = "cuda:0",
            Job = job,
            Since = seen,
            SeenAt = seen,
        };
}
