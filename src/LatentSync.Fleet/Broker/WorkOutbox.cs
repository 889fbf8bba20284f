using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using LatentSync.Server.Data;
using LatentSync.Server.Data.Providers;
using LatentSync.Server.Data.Writing;
using LatentSync.Server.Events;
using LatentSync.Server.Settings;
using LatentSync.Server.Work;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;

namespace LatentSync.Fleet.Broker;

/// <summary>
/// Tells the broker of work that is ready: the rows of the queue are the outbox. Any process tells of any row, also of those of a
/// process that was killed. A slow sweep compares how much waits with how many messages do, and tells of the difference again.
/// </summary>
internal sealed partial class WorkOutbox(
    BrokerConnection broker,
    IDbContextFactory<ServerDatabase> databases,
    DatabaseWriter writer,
    WorkSignal signal,
    IOptions<ServerSettings> settings,
    ILogger<WorkOutbox> logger,
    TimeProvider time
) : BackgroundService
{
    private const int AtOnce = 200;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(10);

    private IChannel? _channel;
    private int _missing;

    [SuppressMessage("Design", "CA1031", Justification = "It is told again a little later.")]
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var sweep = time.GetUtcNow() + SweepInterval;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var ring = signal.Next;
                while (await TellAsync(stoppingToken) == AtOnce)
                {
                    // More of them wait.
                }

                if (settings.Value.Role != ServerRole.Worker && time.GetUtcNow() >= sweep)
                {
                    await SweepAsync(stoppingToken);
                    sweep = time.GetUtcNow() + SweepInterval;
                }

                await ring.ComesWithinAsync(await QuietAsync(stoppingToken), time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                LogFault(error.Message);
                await CloseAsync();
                await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<int> TellAsync(CancellationToken cancellationToken)
    {
        // Looking costs no write.
        await using (var database = await databases.CreateDbContextAsync(cancellationToken))
        {
            if (!await Untold(database).AnyAsync(cancellationToken))
            {
                return 0;
            }
        }

        var channel = await OpenAsync(cancellationToken);
        var told = await writer.WriteAsync(ClaimAsync, cancellationToken);
        try
        {
            await PublishAsync(channel, told, cancellationToken);
            return told.Count;
        }
        catch
        {
            // Unless this process is killed now: then the sweep finds the difference.
            await writer.WriteAsync(
                async database =>
                    await database
                        .Work.Where(work => told.Contains(work.Id) && work.State == WorkState.Ready)
                        .ExecuteUpdateAsync(set => set.SetProperty(work => work.DispatchedAt, (DateTimeOffset?)null)),
                CancellationToken.None
            );
            throw;
        }
    }

    private async Task<List<long>> ClaimAsync(ServerDatabase database)
    {
        var now = time.GetUtcNow();
        var rows = await Untold(database)
            .TagWith(RowLocks.SkipLocked)
            .OrderBy(work => work.Rank)
            .ThenBy(work => work.JobCreatedAt)
            .ThenBy(work => work.Id)
            .Take(AtOnce)
            .ToListAsync();
        rows.ForEach(work => work.DispatchedAt = now);
        return rows.ConvertAll(work => work.Id);
    }

    /// <summary>Tells again of what no message tells of: twice in a row, because a message and its row do not change at one moment.</summary>
    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var waiting = await database.Work.CountAsync(
            work => work.State == WorkState.Ready && work.NotBefore <= now && work.DispatchedAt != null,
            cancellationToken
        );
        var channel = await OpenAsync(cancellationToken);
        var messages = (int)await channel.MessageCountAsync(broker.Work, cancellationToken);
        var missing = waiting - messages;
        if (missing > 0 && _missing > 0)
        {
            LogLost(missing);
            await PublishAsync(channel, Enumerable.Repeat(0L, Math.Min(missing, _missing)), cancellationToken);
            missing = 0;
        }

        _missing = missing;
    }

    private async Task PublishAsync(IChannel channel, IEnumerable<long> items, CancellationToken cancellationToken)
    {
        var properties = new BasicProperties { Persistent = true };
        var sending = items.Select(item =>
            channel
                .BasicPublishAsync(
                    exchange: string.Empty,
                    broker.Work,
                    mandatory: true,
                    properties,
                    Encoding.ASCII.GetBytes(item.ToString(CultureInfo.InvariantCulture)),
                    cancellationToken
                )
                .AsTask()
        );

        // Each is complete when the broker has confirmed it.
        await Task.WhenAll(sending.ToList());
    }

    private async Task<TimeSpan> QuietAsync(CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var next = await database
            .Work.Where(work => work.State == WorkState.Ready && work.DispatchedAt == null)
            .OrderBy(work => work.NotBefore)
            .Select(work => (DateTimeOffset?)work.NotBefore)
            .FirstOrDefaultAsync(cancellationToken);
        return News.QuietUntil(next, time.GetUtcNow(), Interval);
    }

    private IQueryable<WorkItem> Untold(ServerDatabase database)
    {
        var now = time.GetUtcNow();
        return database.Work.Where(work => work.State == WorkState.Ready && work.DispatchedAt == null && work.NotBefore <= now);
    }

    private async Task<IChannel> OpenAsync(CancellationToken cancellationToken)
    {
        if (_channel is not { IsOpen: true })
        {
            await CloseAsync();
            _channel = await broker.OpenAsync(isConfirmed: true, cancellationToken);
        }

        return _channel;
    }

    private async Task CloseAsync()
    {
        if (_channel is { } channel)
        {
            _channel = null;
            try
            {
                await channel.DisposeAsync();
            }
            catch (Exception error) when (BrokerConnection.IsOutage(error))
            {
                LogFault(error.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The broker could not be told of work; it is tried again: {Reason}")]
    private partial void LogFault(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} messages were lost; the broker is told again.")]
    private partial void LogLost(int count);
}
