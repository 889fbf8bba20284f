using System.Diagnostics;
using System.Text;
using LatentSync.ServerTests.Support;
using LatentSync.TestKit;

namespace LatentSync.ServerTests.Scheduling;

/// <summary>What taking a piece of work costs while 10,000 wait. The figures are in bench/results, those of a run in artifacts/fleet.</summary>
public sealed class WorkOrderCostTests
{
    private const int Waiting = 10_000;
    private const int Turns = 100;

    [Fact(Explicit = true)]
    public async Task TakingWork_CostsLittle_HoweverMuchWaits()
    {
        var table = new StringBuilder().AppendLine("| waiting | owners | SQLite | PostgreSQL |").AppendLine("|---:|---:|---:|---:|");
        var worst = 0.0;
        foreach (var (waiting, owners) in new[] { (200, 1), (Waiting, 1), (Waiting, 100), (Waiting, Waiting) })
        {
            var (sqlite, postgres) = (await MeasureAsync(TestDatabase.Sqlite, waiting, owners), await MeasureAsync(TestDatabase.Postgres, waiting, owners));
            table.AppendLine(Invariant($"| {waiting:N0} | {owners:N0} | {sqlite:0.0} ms | {postgres:0.0} ms |"));
            worst = owners < Waiting ? Math.Max(worst, Math.Max(sqlite, postgres)) : worst;
        }

        var folder = Path.Combine(RepositoryFolder.Path, "artifacts", "fleet");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "taking-work.md"), table.ToString(), TestContext.Current.CancellationToken);
        Assert.True(worst < 100, table.ToString());
    }

    /// <summary>The median of taking, in milliseconds; what is taken stays in hand.</summary>
    private static async Task<double> MeasureAsync(TestDatabase database, int waiting, int owners)
    {
        await using var setup = await QueueSetup.CreateAsync(database);
        await setup.AddManyAsync(waiting, job => Invariant($"owner{job % owners:00000}"));
        var times = new List<double>();
        for (var turn = 0; turn < Turns; turn++)
        {
            var start = Stopwatch.GetTimestamp();
            await setup.TakeAsync();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return times.Order().ElementAt(Turns / 2);
    }
}
