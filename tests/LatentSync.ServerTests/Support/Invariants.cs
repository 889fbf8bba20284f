using System.Globalization;
using System.Security.Cryptography;
using LatentSync.Fleet.Postgres;
using LatentSync.Server.Data;
using LatentSync.Server.Jobs;
using Microsoft.EntityFrameworkCore;

namespace LatentSync.ServerTests.Support;

/// <summary>
/// What holds for a server's database whatever was killed, restarted or cut: states go forward except by a retry, each segment
/// counts once, each job has one end and one webhook for it, and the result of a job that succeeded is there.
/// </summary>
internal static class Invariants
{
    // The clocks of processes differ by what their questions to the database took.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    private static readonly HashSet<string> AfterTheEnd = ["score", "score_failed"];

    /// <summary>Checks all jobs, which have ended.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="client">Fetches the results; null to leave them out.</param>
    /// <returns>What is wrong; empty if all is right.</returns>
    public static async Task<IReadOnlyList<string>> CheckAsync(string connection, HttpClient? client)
    {
        var options = new DbContextOptionsBuilder<ServerDatabase>();
        PostgresProvider.Use(options, connection, isRetried: true);
        await using var database = new ServerDatabase(options.Options);
        var stop = TestContext.Current.CancellationToken;
        var jobs = await database.Jobs.AsNoTracking().ToListAsync(stop);
        var events = (await database.Events.AsNoTracking().OrderBy(change => change.Sequence).ToListAsync(stop)).ToLookup(change => change.JobId);
        var work = (await database.Work.AsNoTracking().ToListAsync(stop)).ToLookup(item => item.JobId);
        var webhooks = (await database.Webhooks.AsNoTracking().ToListAsync(stop)).ToLookup(delivery => delivery.JobId);
        var wrong = new List<string>();
        foreach (var job in jobs)
        {
            var changes = events[job.Id].ToList();
            var found = Of(job, changes, [.. work[job.Id]]).ToList();
            var ends = changes.Count(IsEnd);
            if (webhooks[job.Id].Count() != (job.WebhookUrl is null ? 0 : ends))
            {
                found.Add(Invariant($"{webhooks[job.Id].Count()} webhooks for {ends} ends"));
            }

            if (client is not null && job.State == JobState.Succeeded && !job.IsAnalysis)
            {
                var bytes = await client.GetByteArrayAsync($"/v1/jobs/{job.Id}/result", stop);
                if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != job.ResultDigest || bytes.Length != job.ResultBytes)
                {
                    found.Add("the result is not what its digest says");
                }
            }

            wrong.AddRange(found.Select(sentence => $"{job.Id}: {sentence}"));
        }

        return wrong;
    }

    /// <summary>What is wrong with one job that has ended.</summary>
    internal static IEnumerable<string> Of(Job job, IReadOnlyList<JobEvent> changes, IReadOnlyList<WorkItem> work)
    {
        if (changes.Count == 0 || changes[0].Kind != "created")
        {
            yield return "it does not begin with its creation";
            yield break;
        }

        foreach (var (before, after) in changes.Zip(changes.Skip(1)))
        {
            if (
                after.Attempt == before.Attempt
                    ? after.Kind == "retry" || after.State < before.State
                    : after.Kind != "retry" || after.Attempt != before.Attempt + 1
            )
            {
                yield return Invariant($"{before.State} of attempt {before.Attempt} is followed by {after.Kind}, {after.State} of attempt {after.Attempt}");
            }

            if (after.Attempt == before.Attempt && before.State.IsFinal() && (after.State != before.State || !AfterTheEnd.Contains(after.Kind)))
            {
                yield return Invariant($"{after.Kind} follows the end");
            }

            if (after.At < before.At - Tolerance)
            {
                yield return Invariant($"{after.Kind} is {(before.At - after.At).TotalSeconds:0} s before what it follows");
            }
        }

        if (!job.State.IsFinal() || changes[^1].State != job.State)
        {
            yield return Invariant($"it is {job.State}, and its last event says {changes[^1].State}");
        }

        if (changes.Where(IsEnd).GroupBy(change => change.Attempt).Any(group => group.Count() != 1) || !changes.Any(IsEnd))
        {
            yield return "an attempt has not exactly one end";
        }

        // What a job had that began anew does not count any more; that is the only retry that says why.
        var anew = changes.ToList().FindLastIndex(change => change is { Kind: "retry", Message: not null });
        var done = work.Where(item => item is { Kind: WorkKind.Segment, State: WorkState.Done }).Select(item => item.Segment).ToList();
        var (count, counted, expected) = (0, new List<string>(), new List<string>());
        foreach (var change in changes.Skip(anew + 1))
        {
            if (change.Kind == "segment")
            {
                counted.Add(change.Message!.Split(' ')[0]);
                expected.Add((++count).ToString(CultureInfo.InvariantCulture));
            }
            else if (change.Kind == "segment_lost")
            {
                count--;
            }
        }

        if (count != done.Count || done.Distinct().Count() != done.Count)
        {
            yield return Invariant($"{count} segments were counted, {done.Count} pieces of work are done for {done.Distinct().Count()} segments");
        }

        if (!counted.SequenceEqual(expected))
        {
            yield return "segments were counted out of order: " + string.Join(", ", counted);
        }

        if (job.State == JobState.Succeeded && !job.IsAnalysis && (job.ResultDigest is null || done.Count != job.Segments))
        {
            yield return Invariant($"it succeeded with {done.Count} of {job.Segments} segments");
        }

        if (work.Any(item => item.Kind != WorkKind.Score && item.State is WorkState.Ready or WorkState.Leased && item.Kind != WorkKind.Score))
        {
            yield return "work is left over";
        }
    }

    private static bool IsEnd(JobEvent change) => change.Kind == "state" && change.State.IsFinal();
}
