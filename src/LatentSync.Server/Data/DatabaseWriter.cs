using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using LatentSync.Server.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Hosting;

namespace LatentSync.Server.Data;

/// <summary>
/// Writes changes to the database, one transaction for all that wait: SQLite has one writer at a time, and what a commit costs
/// is the flush to the disk, so that fifty clients who submit at once wait for one flush and not for fifty. A change is complete
/// when it is on the disk.
/// </summary>
internal sealed class DatabaseWriter(IDbContextFactory<ServerDatabase> databases) : BackgroundService
{
    private const int MostAtOnce = 256;
    private const int MostWaiting = 4096;

    private readonly Channel<Change> _changes = Channel.CreateBounded<Change>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private WriterSession? _session;

    /// <summary>Makes a change and returns when it is on the disk.</summary>
    /// <param name="change">Reads and changes entities; the writer saves them. It may run again if another change of the same transaction failed.</param>
    /// <param name="cancellationToken">Gives up waiting; the change may still happen.</param>
    public async Task<T> WriteAsync<T>(Func<ServerDatabase, Task<T>> change, CancellationToken cancellationToken)
    {
        var written = new Change<T>(change);
        await _changes.Writer.WriteAsync(written, cancellationToken);
        return await written.Outcome.WaitAsync(cancellationToken);
    }

    /// <inheritdoc cref="WriteAsync{T}"/>
    public Task WriteAsync(Func<ServerDatabase, Task> change, CancellationToken cancellationToken) =>
        WriteAsync<object?>(
            async database =>
            {
                await change(database);
                return null;
            },
            cancellationToken
        );

    /// <summary>Writes until the server stops; what waits then is still written.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var registration = stoppingToken.Register(() => _changes.Writer.TryComplete());
        var batch = new List<Change>(MostAtOnce);
        while (await _changes.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (batch.Count < MostAtOnce && _changes.Reader.TryRead(out var change))
            {
                batch.Add(change);
            }

            await WriteAsync(batch);
            batch.Clear();
        }

        await CloseAsync();
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever fails belongs to the change that caused it, whose caller is told.")]
    private async Task WriteAsync(List<Change> batch)
    {
        try
        {
            await CommitAsync(batch);
        }
        catch (Exception) when (batch.Count > 1)
        {
            await CloseAsync();

            // One of them is at fault: each for itself, so that the others do not suffer.
            foreach (var change in batch)
            {
                await WriteAsync([change]);
            }
        }
        catch (Exception error)
        {
            await CloseAsync();
            batch[0].Fail(error);
        }
    }

    private async Task CommitAsync(List<Change> batch)
    {
        var session = _session ??= await WriterSession.OpenAsync(databases);
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

        await transaction.CommitAsync(CancellationToken.None);
        batch.ForEach(change => change.Complete());
    }

    private async Task CloseAsync()
    {
        if (_session is { } session)
        {
            _session = null;
            await session.DisposeAsync();
        }
    }

    private abstract class Change
    {
        public abstract Task ApplyAsync(ServerDatabase database);

        public abstract void Complete();

        public abstract void Fail(Exception error);
    }

    private sealed class Change<T>(Func<ServerDatabase, Task<T>> apply) : Change
    {
        private readonly TaskCompletionSource<T> _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _outcome;

        public Task<T> Outcome => _written.Task;

        public override async Task ApplyAsync(ServerDatabase database) => _outcome = await apply(database);

        public override void Complete() => _written.TrySetResult(_outcome!);

        public override void Fail(Exception error) => _written.TrySetException(error);
    }
}
