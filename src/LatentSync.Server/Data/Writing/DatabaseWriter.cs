using System.Threading.Channels;
using LatentSync.Server.Data.Providers;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LatentSync.Server.Data.Writing;

/// <summary>
/// Writes changes to the database. SQLite has one writer at a time, and what a commit costs is the flush to the disk, so that
/// fifty clients who submit at once wait for one flush and not for fifty: all that wait share a transaction. A server for many
/// processes joins flushes itself; there each change is a transaction of its own, so that it holds its locks for no other. A
/// change is complete when it is on the disk.
/// </summary>
internal sealed class DatabaseWriter(IDatabaseBackend provider, ILogger<WriterLine> logger, TimeProvider time) : BackgroundService
{
    private const int MostWaiting = 4096;

    private readonly Channel<DatabaseChange> _changes = Channel.CreateBounded<DatabaseChange>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = provider.Writers == 1 }
    );

    /// <summary>Makes a change and returns when it is on the disk.</summary>
    /// <param name="change">
    /// Reads and changes entities; the writer saves them. It may run again if another change of the same transaction failed, or
    /// another process was faster.
    /// </param>
    /// <param name="cancellationToken">Gives up waiting; the change may still happen.</param>
    public async Task<T> WriteAsync<T>(Func<ServerDatabase, Task<T>> change, CancellationToken cancellationToken)
    {
        var written = new DatabaseChange<T>(change);
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
        await Task.WhenAll(Enumerable.Range(0, provider.Writers).Select(_ => new WriterLine(provider, logger, time).RunAsync(_changes.Reader)));
    }
}
