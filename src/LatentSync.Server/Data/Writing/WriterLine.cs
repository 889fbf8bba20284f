using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using LatentSync.Server.Data.Providers;
using LatentSync.Server.Jobs;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Logging;

namespace LatentSync.Server.Data.Writing;

/// <summary>One line of transactions: writes what waits, and makes again what another process or a restart of the database undid.</summary>
internal sealed partial class WriterLine(IDatabaseBackend provider, ILogger<WriterLine> logger, TimeProvider time)
{
    private const int MostConflicts = 20;
    private static readonly TimeSpan LongestOutage = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private WriterSession? _session;
    private string? _committing;

    /// <summary>Writes until no more changes come.</summary>
    public async Task RunAsync(ChannelReader<DatabaseChange> changes)
    {
        var batch = new List<DatabaseChange>(provider.MostAtOnce);
        while (await changes.WaitToReadAsync(CancellationToken.None))
        {
            while (batch.Count < provider.MostAtOnce && changes.TryRead(out var change))
            {
                batch.Add(change);
            }

            await WriteAsync(batch);
            batch.Clear();
        }

        await CloseAsync();
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever fails belongs to the change that caused it, whose caller is told.")]
    private async Task WriteAsync(List<DatabaseChange> batch)
    {
        var start = time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await CommitAsync(batch);
                return;
            }
            catch (Exception) when (batch.Count > 1)
            {
                await CloseAsync();

                // One of them is at fault: each for itself, so that the others do not suffer.
                foreach (var change in batch)
                {
                    await WriteAsync([change]);
                }

                return;
            }
            catch (Exception error)
            {
                await CloseAsync();
                var fault = provider.FaultOf(error);
                var isAgain =
                    fault == DatabaseFault.Conflict
                        ? attempt < MostConflicts
                        : fault == DatabaseFault.Unreachable && time.GetElapsedTime(start) < LongestOutage;
                if (_committing is { } transaction && await IsCommittedAsync(transaction))
                {
                    batch.ForEach(change => change.Complete());
                    return;
                }

                if (!isAgain)
                {
                    batch[0].Fail(error);
                    return;
                }

                LogAgain(fault, error.Message);
                await Task.Delay(Pause(attempt), time, CancellationToken.None);
            }
        }
    }

    private async Task CommitAsync(List<DatabaseChange> batch)
    {
        _committing = null;
        var session = _session ??= await WriterSession.OpenAsync(provider);
        await using var transaction = await session.Database.Database.BeginTransactionAsync(CancellationToken.None);
        foreach (var change in batch)
        {
            try
            {
                await change.ApplyAsync(session.Database);
            }
            catch (RequestException refusal)
            {
                // Refused before it changed anything: no matter of the others.
                session.Database.ChangeTracker.Clear();
                change.Fail(refusal);
                continue;
            }

            await session.SaveAsync(transaction.GetDbTransaction());
        }

        _committing = await provider.TransactionIdAsync(transaction.GetDbTransaction());
        await transaction.CommitAsync(CancellationToken.None);
        batch.ForEach(change => change.Complete());
    }

    /// <summary>Asks what became of a commit that was not answered, until the database says it.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "It is asked again, and the last failure is that of the change.")]
    private async Task<bool> IsCommittedAsync(string transaction)
    {
        for (var (start, attempt) = (time.GetTimestamp(), 1); ; attempt++)
        {
            try
            {
                return await provider.IsCommittedAsync(transaction);
            }
            catch (Exception error) when (time.GetElapsedTime(start) < LongestOutage)
            {
                LogAgain(DatabaseFault.Unreachable, error.Message);
                await Task.Delay(Pause(attempt), time, CancellationToken.None);
            }
            catch (Exception error)
            {
                LogUnknown(error);
                return false;
            }
        }
    }

    private async Task CloseAsync()
    {
        if (_session is { } session)
        {
            _session = null;
            await session.DisposeAsync();
        }
    }

    private static TimeSpan Pause(int attempt) => TimeSpan.FromMilliseconds(Math.Min(10 * Math.Pow(2, attempt), LongestPause.TotalMilliseconds));

    [LoggerMessage(Level = LogLevel.Warning, Message = "A change is made again ({Fault}): {Reason}")]
    private partial void LogAgain(DatabaseFault fault, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The database did not say whether a change was written.")]
    private partial void LogUnknown(Exception error);
}
