using System.Diagnostics;
using LatentSync.Server.Data;
using LatentSync.Server.Settings;
using LatentSync.Server.Work;
using LatentSync.Server.Work.Scheduling;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LatentSync.FleetLoad;

/// <summary>What looks at the queue cost while very many jobs wait in it, each of them told to the broker.</summary>
internal sealed class QueueDepth(int jobs)
{
    private const int Times = 51;

    /// <summary>Runs it and prints a table.</summary>
    public async Task RunAsync()
    {
        Console.WriteLine("| jobs that wait | look of the outbox, ms | until when it rests, ms | take and give back, ms |");
        Console.WriteLine("|---:|---:|---:|---:|");
        foreach (var count in new[] { 100, jobs / 10, jobs })
        {
            await using var services = await Services.StartAsync();
            await Rows.QueuedAsync(services, count);
            var process = await services.ProcessAsync(ServerRole.Api);
            await using var database = services.Open();
            await database.Database.ExecuteSqlRawAsync("VACUUM ANALYZE");
            var queue = process.Services.GetRequiredService<WorkQueue>();
            var now = TimeProvider.System.GetUtcNow();

            // The queries of WorkOutbox, which each process asks after each change of its own, and every five seconds.
            var untold = database.Work.AsNoTracking().Where(work => work.State == WorkState.Ready && work.DispatchedAt == null);
            var look = await MedianAsync(() => untold.Where(work => work.NotBefore <= now).AnyAsync());
            var rest = await MedianAsync(() => untold.OrderBy(work => work.NotBefore).Select(work => (DateTimeOffset?)work.NotBefore).FirstOrDefaultAsync());
            var take = await MedianAsync(async () => await queue.ReturnAsync((await queue.TakeAsync(new WorkRequest("load"), CancellationToken.None))!));
            Console.WriteLine(Invariant($"| {count} | {look:0.0} | {rest:0.0} | {take:0.0} |"));
        }
    }

    private static async Task<double> MedianAsync(Func<Task> ask)
    {
        var times = new List<double>();
        for (var i = 0; i < Times; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await ask();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return times.Order().ElementAt(Times / 2);
    }
}
