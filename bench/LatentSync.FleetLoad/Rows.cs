using LatentSync.Server.Data;
using LatentSync.Server.Jobs;
using LatentSync.Server.Work.Scheduling;

namespace LatentSync.FleetLoad;

/// <summary>Rows of jobs as they are after their submission, or after their analysis.</summary>
internal static class Rows
{
    private const int AtOnce = 5000;

    /// <summary>Writes jobs that are being generated, with all segments to make.</summary>
    public static async Task GeneratingAsync(Services services, int jobs, int segments)
    {
        foreach (var numbers in Enumerable.Range(0, jobs).Chunk(Math.Max(1, AtOnce / segments)))
        {
            var made = numbers.Select(number => Job(number, JobState.Generating, segments)).ToList();
            await using var database = services.Open();
            database.AddRange(made);
            database.AddRange(made.SelectMany(job => Enumerable.Range(0, segments).Select(segment => Work(job, WorkKind.Segment, segment))));
            await database.SaveChangesAsync();
        }
    }

    /// <summary>Writes jobs that wait for their analysis, of which the broker was told.</summary>
    public static async Task QueuedAsync(Services services, int jobs)
    {
        foreach (var numbers in Enumerable.Range(0, jobs).Chunk(AtOnce))
        {
            var made = numbers.Select(number => Job(1_000_000 + number, JobState.Queued, 0)).ToList();
            await using var database = services.Open();
            database.AddRange(made);
            database.AddRange(
                made.Select(job =>
                {
                    var work = Work(job, WorkKind.Analyse, 0);
                    work.DispatchedAt = job.CreatedAt;
                    return work;
                })
            );
            await database.SaveChangesAsync();
        }
    }

    private static Job Job(int number, JobState state, int segments) =>
        new()
        {
            Id = Invariant($"job_{number:00000000}"),
            Owner = "local",
            Number = number,
            CreatedAt = DateTimeOffset.UnixEpoch.AddSeconds(number),
            UpdatedAt = DateTimeOffset.UnixEpoch,
            State = state,
            VideoId = "upl_1",
            AudioId = "upl_2",
            Options = "{}",
            Dialect = "v1",
            Container = ".mp4",
            Segments = segments,
            Frames = 250 * segments,
        };

    private static WorkItem Work(Job job, WorkKind kind, int segment) =>
        new()
        {
            JobId = job.Id,
            JobAttempt = 1,
            Kind = kind,
            Segment = segment,
            State = WorkState.Ready,
            Owner = job.Owner,
            Place = WorkOrder.Place(job, segment),
            JobCreatedAt = job.CreatedAt,
            NotBefore = DateTimeOffset.UnixEpoch,
        };
}
