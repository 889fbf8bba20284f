using System.Diagnostics;
using System.Text.Json.Nodes;
using LatentSync.Server.Data;
using LatentSync.Server.Settings;
using LatentSync.Server.Work;
using LatentSync.Server.Work.Scheduling;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LatentSync.FleetLoad;

/// <summary>
/// How many pieces of work PostgreSQL gives out and counts a second, by the queue's own code: each is one transaction that takes it
/// and one that completes it, as <see cref="WorkRunner"/> does for a segment. Engine, broker and storage are left out.
/// </summary>
internal sealed class DatabaseLoad(int seconds)
{
    private const int Processes = 4;

    /// <summary>Runs it and prints a table.</summary>
    public async Task RunAsync()
    {
        Console.WriteLine("| segments of | workers | pieces a second | ms a piece, p50 | p99 | processor ms of PostgreSQL | of the workers |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|");
        await MeasureAsync("one job", jobs: 1, segments: 100 * seconds, workers: 1, isLearned: true);
        await MeasureAsync("one job", jobs: 1, segments: 100 * seconds, workers: 8, isLearned: true);
        await MeasureAsync("many jobs", jobs: 50 * seconds, segments: 10, workers: 1, isLearned: true);
        await MeasureAsync("many jobs", jobs: 50 * seconds, segments: 10, workers: 8, isLearned: true);
        await MeasureAsync("many jobs", jobs: 50 * seconds, segments: 10, workers: 32, isLearned: true);
        await MeasureAsync("many jobs, nothing learned", jobs: 50 * seconds, segments: 10, workers: 32, isLearned: false);
    }

    private async Task MeasureAsync(string name, int jobs, int segments, int workers, bool isLearned)
    {
        await using var services = await Services.StartAsync();
        await Rows.GeneratingAsync(services, jobs, segments);
        var queues = new List<WorkQueue>();
        for (var process = 0; process < Math.Min(workers, Processes); process++)
        {
            queues.Add((await services.ProcessAsync(ServerRole.Api)).Services.GetRequiredService<WorkQueue>());
        }

        using var stop = new CancellationTokenSource();
        var running = Enumerable.Range(0, workers).Select(worker => WorkAsync(queues[worker % queues.Count], isLearned, stop.Token)).ToList();

        // What is compiled at first is not the queue's cost.
        await Task.Delay(TimeSpan.FromSeconds(3));
        var (from, postgres, own) = (Stopwatch.GetTimestamp(), Processor.Postgres(), Processor.Own());
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        var until = Stopwatch.GetTimestamp();
        (postgres, own) = (Processor.Postgres() - postgres, Processor.Own() - own);
        await stop.CancelAsync();
        var times = (await Task.WhenAll(running))
            .SelectMany(list => list)
            .Where(one => one.At >= from && one.At < until)
            .Select(one => one.Milliseconds)
            .Order()
            .ToList();
        var rate = times.Count / Stopwatch.GetElapsedTime(from, until).TotalSeconds;
        Console.WriteLine(
            Invariant($"| {name} | {workers} | {rate:0} | {times[times.Count / 2]:0.0} | {times[times.Count * 99 / 100]:0.0} | ")
                + Invariant($"{postgres / times.Count * 1000:0.00} | {own / times.Count * 1000:0.00} |")
        );
    }

    private static async Task<List<(long At, double Milliseconds)>> WorkAsync(WorkQueue queue, bool isLearned, CancellationToken stop)
    {
        var times = new List<(long, double)>();
        var said = new JsonObject { ["elapsed_seconds"] = 12.5 };
        while (!stop.IsCancellationRequested)
        {
            var start = Stopwatch.GetTimestamp();
            if (await queue.TakeAsync(new WorkRequest("load"), CancellationToken.None) is not { } work)
            {
                throw new InvalidOperationException("The work has run out; write more rows.");
            }

            await queue.CompleteAsync(work, async (database, changes) =>
            {
                if (isLearned)
                {
                    await Forecasts.LearnAsync(database, Forecasts.Generating(work.Job), 250, said);
                }

                changes.Job.SegmentsDone = await database.Work.CountAsync(item =>
                    item.JobId == work.Job.Id && item.Kind == WorkKind.Segment && item.State == WorkState.Done
                );
                changes.Tell("segment", Invariant($"{changes.Job.SegmentsDone} of {changes.Job.Segments}"));
            });
            times.Add((start, Stopwatch.GetElapsedTime(start).TotalMilliseconds));
        }

        return times;
    }
}
