using System.Diagnostics.CodeAnalysis;
using LatentSync.Server.Data;
using LatentSync.Server.Data.Providers;
using LatentSync.Server.Settings;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LatentSync.Server.Work;

/// <summary>The workers of all processes: each says every few seconds what it has and does; who is silent is gone.</summary>
internal sealed partial class WorkerRoll(
    IDbContextFactory<ServerDatabase> databases,
    DatabaseWriter writer,
    IDatabaseBackend backend,
    IOptions<ServerSettings> settings,
    ILogger<WorkerRoll> logger,
    TimeProvider time
)
{
    private const int MissedCalls = 3;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Who works now.</summary>
    /// <param name="own">The workers of this process.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<WorkerView>> ListAsync(IReadOnlyList<WorkerView> own, CancellationToken cancellationToken)
    {
        if (!backend.IsShared)
        {
            return own;
        }

        var since = time.GetUtcNow() - settings.Value.Lease - (Interval * MissedCalls);
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await database.Workers.AsNoTracking().Where(row => row.SeenAt > since).OrderBy(row => row.Name).ToListAsync(cancellationToken);

        // More is known of one's own.
        return rows.ConvertAll(row =>
            own.FirstOrDefault(worker => worker.Name == row.Name)
            ?? new WorkerView(row.Name, row.Device, ProcessId: null, row.Version, row.Job, row.Since)
            {
                CardName = row.Card,
                DeviceBytes = row.DeviceBytes,
                Model = row.Model,
            }
        );
    }

    /// <summary>Says what the workers of this process are until it stops; then they are gone.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "It is said again a little later.")]
    public async Task RunAsync(Func<IReadOnlyList<WorkerView>> workers, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await SayAsync(workers());
                await Task.Delay(Interval, time, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception error)
            {
                LogFault(error);
                await Task.Delay(Interval, time, CancellationToken.None);
            }
        }

        var names = workers().Select(worker => worker.Name).ToList();
        await writer.WriteAsync(async database => await database.Workers.Where(row => names.Contains(row.Name)).ExecuteDeleteAsync(), CancellationToken.None);
    }

    private Task SayAsync(IReadOnlyList<WorkerView> workers)
    {
        var now = time.GetUtcNow();
        return writer.WriteAsync(
            async database =>
            {
                foreach (var worker in workers)
                {
                    var row = await database.Workers.FirstOrDefaultAsync(row => row.Name == worker.Name);
                    if (row is null)
                    {
                        row = new WorkerRecord
                        {
                            Name = worker.Name,
                            Device = worker.Device,
                            Since = worker.Since,
                            SeenAt = now,
                        };
                        database.Workers.Add(row);
                    }

                    (row.Device, row.Card, row.DeviceBytes, row.Model) = (worker.Device, worker.CardName, worker.DeviceBytes, worker.Model);
                    (row.Version, row.Job, row.Since, row.SeenAt) = (worker.Version, worker.Job, worker.Since, now);
                }
            },
            CancellationToken.None
        );
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The workers of this process could not be told to the others.")]
    private partial void LogFault(Exception error);
}
