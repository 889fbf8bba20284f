using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using LatentSync.Server.Api.Dialects.SyncSo;
using LatentSync.Server.Data;
using LatentSync.Server.Data.Providers;
using LatentSync.Server.Data.Writing;
using LatentSync.Server.Events;
using LatentSync.Server.Security;
using LatentSync.Server.Settings;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StandardWebhooks;

namespace LatentSync.Server.Webhooks;

/// <summary>
/// Sends webhooks as Standard Webhooks describes them (webhook-id, webhook-timestamp, webhook-signature) until the other side
/// takes them, with growing pauses, for a day. A delivery is in the database before its job has ended, so none is lost; one may
/// arrive twice, with the same id.
/// </summary>
internal sealed partial class WebhookSender(
    IDbContextFactory<ServerDatabase> databases,
    DatabaseWriter writer,
    IDatabaseBackend provider,
    GuardedHttp http,
    WebhookSecret secret,
    WebhookSignal signal,
    IOptions<ServerSettings> settings,
    ILogger<WebhookSender> logger,
    TimeProvider time
) : BackgroundService
{
    private const int AtOnce = 16;
    private const double FirstPauseSeconds = 5;
    private const int MostDoublings = 11;
    private const int LongestError = 300;

    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FaultPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    [SuppressMessage("Design", "CA1031", Justification = "The sender outlives whatever happens to one delivery.")]
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var ring = signal.Next;
                var due = await DueAsync(stoppingToken);
                await Task.WhenAll(due.Select(found => SendAsync(found.Delivery, found.Dialect, stoppingToken)));
                if (due.Count < AtOnce)
                {
                    await ring.ComesWithinAsync(await QuietAsync(stoppingToken), time, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                LogFault(error);
                await Task.Delay(FaultPause, time, CancellationToken.None);
            }
        }
    }

    private async Task<List<(WebhookDelivery Delivery, string? Dialect)>> DueAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var due = await database
            .Webhooks.AsNoTracking()
            .Where(delivery => delivery.DeliveredAt == null && delivery.AbandonedAt == null && delivery.NextAt <= now)
            .OrderBy(delivery => delivery.NextAt)
            .Take(AtOnce)
            .Select(delivery => new
            {
                Delivery = delivery,
                Dialect = database.Jobs.Where(job => job.Id == delivery.JobId).Select(job => job.Dialect).FirstOrDefault(),
            })
            .ToListAsync(cancellationToken);
        return due.ConvertAll(found => (found.Delivery, found.Dialect));
    }

    /// <summary>How long nothing is due.</summary>
    private async Task<TimeSpan> QuietAsync(CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var next = await database
            .Webhooks.Where(delivery => delivery.DeliveredAt == null && delivery.AbandonedAt == null)
            .OrderBy(delivery => delivery.NextAt)
            .Select(delivery => (DateTimeOffset?)delivery.NextAt)
            .FirstOrDefaultAsync(cancellationToken);
        return News.QuietUntil(next, time.GetUtcNow(), LookInterval);
    }

    private async Task SendAsync(WebhookDelivery delivery, string? dialect, CancellationToken cancellationToken)
    {
        if (provider.IsShared && !await ClaimAsync(delivery))
        {
            return;
        }

        var error = await TryAsync(delivery, dialect, cancellationToken);
        var now = time.GetUtcNow();
        var attempts = delivery.Attempts + 1;
        var pause = TimeSpan.FromSeconds(FirstPauseSeconds * Math.Pow(2, Math.Min(delivery.Attempts, MostDoublings)));
        var isGivenUp = error is not null && now + pause > delivery.CreatedAt + settings.Value.WebhookRetry;
        await writer.WriteAsync(
            database =>
                database
                    .Webhooks.Where(row => row.Id == delivery.Id)
                    .ExecuteUpdateAsync(set =>
                        set.SetProperty(row => row.Attempts, attempts)
                            .SetProperty(row => row.LastError, error)
                            .SetProperty(row => row.NextAt, now + pause)
                            .SetProperty(row => row.DeliveredAt, error == null ? now : (DateTimeOffset?)null)
                            .SetProperty(row => row.AbandonedAt, isGivenUp ? now : (DateTimeOffset?)null)
                    ),
            CancellationToken.None
        );
        if (error is not null)
        {
            LogFailed(delivery.Id, delivery.JobId, error);
        }
    }

    /// <summary>Where several processes send, one takes a delivery and the others leave it until it must have been sent.</summary>
    private async Task<bool> ClaimAsync(WebhookDelivery delivery)
    {
        var (due, next) = (delivery.NextAt, time.GetUtcNow() + (2 * Timeout));
        return await writer.WriteAsync(
                database =>
                    database
                        .Webhooks.Where(row => row.Id == delivery.Id && row.NextAt == due && row.DeliveredAt == null && row.AbandonedAt == null)
                        .ExecuteUpdateAsync(set => set.SetProperty(row => row.NextAt, next), CancellationToken.None),
                CancellationToken.None
            ) == 1;
    }

    /// <summary>Sends it once.</summary>
    /// <returns>What went wrong; null if it was taken.</returns>
    private async Task<string?> TryAsync(WebhookDelivery delivery, string? dialect, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Timeout);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, delivery.Url);
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(delivery.Body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            var sent = time.GetUtcNow();
            request.Headers.Add("webhook-id", delivery.Id);
            request.Headers.Add("webhook-timestamp", sent.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
            request.Headers.Add("webhook-signature", new StandardWebhook(secret.Value).Sign(delivery.Id, sent, delivery.Body));
            if (dialect == SyncSoErrors.Name)
            {
                request.Headers.Add(SyncSoSignature.Header, SyncSoSignature.Of(secret.Value, sent, delivery.Body));
            }

            using var answer = await http.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
            return answer.IsSuccessStatusCode ? null : Invariant($"The address answered {(int)answer.StatusCode}.");
        }
        catch (Exception error) when (error is HttpRequestException or IOException or UriFormatException)
        {
            return error.Message[..Math.Min(error.Message.Length, LongestError)];
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Invariant($"The address did not answer within {Timeout.TotalSeconds:0} s.");
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhook {Id} of job {Job} was not taken: {Reason}")]
    private partial void LogFailed(string id, string job, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Webhooks could not be sent.")]
    private partial void LogFault(Exception error);
}
