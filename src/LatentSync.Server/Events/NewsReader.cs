using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using LatentSync.Server.Data;
using LatentSync.Server.Webhooks;
using LatentSync.Server.Work;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LatentSync.Server.Events;

/// <summary>
/// Brings what other processes did to those who watch here. Messages may be lost or overtake each other; so a change is only a hint
/// to read the database, which has the changes of a job in their order, and who is watched is looked at now and then without one.
/// </summary>
internal sealed partial class NewsReader(
    JobFeeds feeds,
    RunningWork running,
    WebhookSignal webhooks,
    IDbContextFactory<ServerDatabase> databases,
    ILogger<NewsReader> logger,
    TimeProvider time
) : BackgroundService
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    private readonly Channel<string> _changed = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>A message has come.</summary>
    public void Receive(NewsItem item)
    {
        switch (item.Kind)
        {
            case NewsKind.Change:
                webhooks.Ring();
                if (feeds.IsWatched(item.JobId))
                {
                    _changed.Writer.TryWrite(item.JobId);
                }

                break;
            case NewsKind.Progress:
                feeds.SetProgress(item.JobId, item.Bytes);
                break;
            case NewsKind.Stop:
                running.Stop(item.JobId);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(item));
        }
    }

    /// <summary>Messages may have been lost.</summary>
    public void LookAtAll()
    {
        foreach (var id in feeds.Watched())
        {
            _changed.Writer.TryWrite(id);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "It is read again a little later.")]
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var jobs = new HashSet<string>(StringComparer.Ordinal);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await WaitAsync(stoppingToken);
                while (_changed.Reader.TryRead(out var id))
                {
                    jobs.Add(id);
                }

                foreach (var id in jobs)
                {
                    await ReadAsync(id, stoppingToken);
                }

                jobs.Clear();
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                LogFault(error);
                await Task.Delay(LookInterval, time, CancellationToken.None);
            }
        }
    }

    private async Task WaitAsync(CancellationToken stoppingToken)
    {
        using var look = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        look.CancelAfter(LookInterval);
        try
        {
            await _changed.Reader.WaitToReadAsync(look.Token);
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            LookAtAll();
        }
    }

    private async Task ReadAsync(string id, CancellationToken cancellationToken)
    {
        if (feeds.LastSequence(id) is not { } last)
        {
            return;
        }

        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var changes = await database
            .Events.AsNoTracking()
            .Where(change => change.JobId == id && change.Sequence > last)
            .OrderBy(change => change.Sequence)
            .ToListAsync(cancellationToken);
        feeds.Add(id, changes);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Changes of watched jobs could not be read.")]
    private partial void LogFault(Exception error);
}
