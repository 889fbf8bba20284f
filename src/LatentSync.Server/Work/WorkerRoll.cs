using System.Diagnostics.CodeAnalysis;
using LatentSync.Server.Data;
using LatentSync.Server.Data.Providers;
using LatentSync.Server.Data.Writing;
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
    WorkSignal signal,
    IOptions<ServerSettings> settings,
    ILogger<WorkerRoll> logger,
    TimeProvider time
)
{
    private const int MissedCalls = 3;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // Rows of workers that are gone tell for a while which versions there were.
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    /// <summary>Models that workers of other machines have and this one has not: their work is left to them.</summary>
    public IReadOnlyCollection<string> ModelsOfOthers { get; private set; } = [];

    /// <summary>Whoever has said nothing since this time is gone.</summary>
    public DateTimeOffset Since => time.GetUtcNow() - settings.Value.Lease - (Interval * MissedCalls);

    /// <summary>Who works now.</summary>
    /// <param name="own">The workers of this process.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<WorkerView>> ListAsync(IReadOnlyList<WorkerView> own, CancellationToken cancellationToken)
    {
        var since = Since;
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        if (!backend.IsShared)
        {
            var draining = await database.Workers.Where(row => row.IsDraining).Select(row => row.Name).ToListAsync(cancellationToken);
            return [.. own.Select(worker => worker with { Draining = worker.Draining || draining.Contains(worker.Name) })];
        }

        var rows = await database
            .Workers.AsNoTracking()
            .Where(row => row.SeenAt > since && !row.HasStopped)
            .OrderBy(row => row.Name)
            .ToListAsync(cancellationToken);

        // More is known of one's own.
        return rows.ConvertAll(row =>
            own.FirstOrDefault(worker => worker.Name == row.Name) is { } known
                ? known with
                {
                    Draining = known.Draining || row.IsDraining,
                }
                : new WorkerView(row.Name, row.Device, ProcessId: null, row.Version, row.Job, row.Since)
                {
                    CardName = row.Card,
                    DeviceBytes = row.DeviceBytes,
                    Model = row.Model,
                    ResultVersion = row.ResultVersion,
                    Draining = row.IsDraining,
                }
        );
    }

    /// <summary>From now on some workers take no more work, or take it again; what they have in hand they finish.</summary>
    /// <param name="workers">All workers, from <see cref="ListAsync"/>.</param>
    /// <param name="name">A worker, or a process for all of its workers: what stands before the last slash.</param>
    /// <param name="isDraining">Whether they take no more.</param>
    /// <returns>Their names; none if there is no such worker.</returns>
    public async Task<IReadOnlyList<string>> DrainAsync(IReadOnlyList<WorkerView> workers, string name, bool isDraining)
    {
        var named = workers.Where(worker => worker.Name == name || worker.Name[..worker.Name.LastIndexOf('/')] == name).ToList();
        await writer.WriteAsync(
            async database =>
            {
                foreach (var worker in named)
                {
                    (await RowAsync(database, worker)).IsDraining = isDraining;
                }
            },
            CancellationToken.None
        );
        signal.Ring();
        return named.ConvertAll(worker => worker.Name);
    }

    /// <summary>At the start of the only process: nothing is said of its workers.</summary>
    public Task ForgetAsync() => writer.WriteAsync(async database => await database.Workers.ExecuteDeleteAsync(), CancellationToken.None);

    /// <summary>Says what the workers of this process are until they have ended.</summary>
    /// <param name="workers">The workers.</param>
    /// <param name="models">The models of this machine.</param>
    /// <param name="ended">They have ended.</param>
    [SuppressMessage("Design", "CA1031", Justification = "It is said again a little later.")]
    public async Task RunAsync(Func<IReadOnlyList<WorkerView>> workers, Func<IReadOnlyCollection<string>> models, CancellationToken ended)
    {
        for (var isFirst = true; !ended.IsCancellationRequested; )
        {
            try
            {
                await SayAsync(workers(), models(), isFirst);
                isFirst = false;
                await Task.Delay(Interval, time, ended);
            }
            catch (OperationCanceledException) when (ended.IsCancellationRequested)
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
        await writer.WriteAsync(
            async database =>
                await database
                    .Workers.Where(row => names.Contains(row.Name))
                    .ExecuteUpdateAsync(set => set.SetProperty(row => row.HasStopped, true).SetProperty(row => row.Job, (string?)null)),
            CancellationToken.None
        );
    }

    private async Task SayAsync(IReadOnlyList<WorkerView> workers, IReadOnlyCollection<string> models, bool isFirst)
    {
        var (now, since, old) = (time.GetUtcNow(), Since, time.GetUtcNow() - Kept);
        var own = workers.Select(worker => worker.Name).ToList();
        var others = await writer.WriteAsync(
            async database =>
            {
                foreach (var worker in workers)
                {
                    var row = await RowAsync(database, worker);
                    (row.Device, row.Card, row.DeviceBytes, row.Model) = (worker.Device, worker.CardName, worker.DeviceBytes, worker.Model);
                    (row.Version, row.ResultVersion, row.Models) = (
                        worker.Version ?? row.Version,
                        worker.ResultVersion ?? row.ResultVersion,
                        string.Join(' ', models)
                    );
                    (row.Job, row.Since, row.SeenAt, row.HasStopped) = (worker.Job, worker.Since, now, false);

                    // A process that starts takes work, whatever was said of the one before it.
                    row.IsDraining = worker.Draining || (row.IsDraining && !isFirst);
                }

                await database.Workers.Where(row => row.SeenAt < old && !own.Contains(row.Name)).ExecuteDeleteAsync();
                return await database
                    .Workers.Where(row => row.SeenAt > since && !row.HasStopped && !own.Contains(row.Name))
                    .Select(row => row.Models)
                    .Distinct()
                    .ToListAsync();
            },
            CancellationToken.None
        );
        ModelsOfOthers = [.. others.SelectMany(names => names.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Except(models, StringComparer.Ordinal)];
    }

    private async Task<WorkerRecord> RowAsync(ServerDatabase database, WorkerView worker)
    {
        var row = await database.Workers.FirstOrDefaultAsync(row => row.Name == worker.Name);
        if (row is null)
        {
            row = new WorkerRecord
            {
                Name = worker.Name,
                Device = worker.Device,
                Since = worker.Since,
                SeenAt = time.GetUtcNow(),
            };
            database.Workers.Add(row);
        }

        return row;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The workers of this process could not be told to the others.")]
    private partial void LogFault(Exception error);
}
