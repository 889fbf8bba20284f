using LatentSync.Server.Data;
using LatentSync.Server.Jobs;
using LatentSync.ServerTests.Support;

namespace LatentSync.ServerTests.Fleet;

/// <summary>The checker finds what it is for.</summary>
public sealed class InvariantsTests
{
    [Fact]
    public void WholeJob_IsRight() => Assert.Empty(Invariants.Of(Job(), Events(), Work()));

    [Fact]
    public void StateThatGoesBack_IsFound()
    {
        var events = Events();
        events.Insert(4, Event("state", JobState.Queued));
        Assert.Contains(Invariants.Of(Job(), events, Work()), sentence => sentence.Contains("is followed by", StringComparison.Ordinal));
    }

    [Fact]
    public void SegmentCountedTwice_IsFound()
    {
        var events = Events();
        events.Insert(4, Event("segment", JobState.Generating, "1 of 2"));
        Assert.Contains(Invariants.Of(Job(), events, Work()), sentence => sentence.Contains("were counted", StringComparison.Ordinal));
    }

    [Fact]
    public void SecondEnd_IsFound()
    {
        var events = Events();
        events.Add(Event("state", JobState.Succeeded));
        Assert.Contains("an attempt has not exactly one end", Invariants.Of(Job(), events, Work()));
    }

    [Fact]
    public void WorkLeftOver_IsFound()
    {
        var work = Work();
        work[0].State = WorkState.Leased;
        Assert.Contains("work is left over", Invariants.Of(Job(), Events(), work));
    }

    [Fact]
    public void MissingResult_IsFound()
    {
        var job = Job();
        job.ResultDigest = null;
        Assert.Contains(Invariants.Of(job, Events(), Work()), sentence => sentence.Contains("it succeeded with", StringComparison.Ordinal));
    }

    private static Job Job() =>
        new()
        {
            Id = "job_1",
            Owner = "local",
            CreatedAt = DateTimeOffset.UnixEpoch,
            UpdatedAt = DateTimeOffset.UnixEpoch,
            State = JobState.Succeeded,
            VideoId = "upl_1",
            AudioId = "upl_2",
            Options = "{}",
            Dialect = "v1",
            Container = ".mp4",
            Segments = 2,
            ResultDigest = "abc",
        };

    private static List<JobEvent> Events() =>
        [
            Event("created", JobState.Uploading),
            Event("state", JobState.Queued),
            Event("state", JobState.Analysing),
            Event("state", JobState.Generating),
            Event("segment", JobState.Generating, "1 of 2"),
            Event("segment", JobState.Generating, "2 of 2"),
            Event("state", JobState.Joining),
            Event("state", JobState.Succeeded),
            Event("score", JobState.Succeeded),
        ];

    private static List<WorkItem> Work() => [.. Enumerable.Range(0, 2).Select(Segment)];

    private static WorkItem Segment(int number) =>
        new()
        {
            JobId = "job_1",
            Owner = "local",
            JobAttempt = 1,
            Kind = WorkKind.Segment,
            Segment = number,
            State = WorkState.Done,
            JobCreatedAt = DateTimeOffset.UnixEpoch,
            NotBefore = DateTimeOffset.UnixEpoch,
        };

    private static JobEvent Event(string kind, JobState state, string? message = null) =>
        new()
        {
            JobId = "job_1",
            At = DateTimeOffset.UnixEpoch,
            State = state,
            Kind = kind,
            Message = message,
            Attempt = 1,
        };
}
