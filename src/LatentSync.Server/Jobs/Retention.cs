using System.Diagnostics.CodeAnalysis;
using LatentSync.Server.Data;
using LatentSync.Server.Data.Writing;
using LatentSync.Server.Media;
using LatentSync.Server.Uploads;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LatentSync.Server.Jobs;

/// <summary>Deletes what has been kept for as long as the settings say: jobs with their results, uploads that no job needs.</summary>
internal sealed partial class Retention(
    IDbContextFactory<ServerDatabase> databases,
    DatabaseWriter writer,
    MediaFiles files,
    ILogger<Retention> logger,
    TimeProvider time
) : BackgroundService
{
    private const int AtOnce = 100;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // A store is asked for all its names, which takes requests.
    private static readonly TimeSpan LostInterval = TimeSpan.FromHours(1);

    [SuppressMessage("Design", "CA1031", Justification = "It is tried again a minute later.")]
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var lost = time.GetUtcNow();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await SweepAsync(stoppingToken);
                if (time.GetUtcNow() >= lost)
                {
                    await SweepLostAsync(stoppingToken);
                    lost = time.GetUtcNow() + (files.Store is null ? Interval : LostInterval);
                }

                await Task.Delay(Interval, time, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception error)
            {
                LogFault(error);
                await Task.Delay(Interval, time, CancellationToken.None);
            }
        }
    }

    /// <summary>Deletes what is due.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var jobs = await database
            .Jobs.Where(job => job.ExpiresAt < now)
            .OrderBy(job => job.Id)
            .Take(AtOnce)
            .Select(job => job.Id)
            .ToListAsync(cancellationToken);
        foreach (var job in jobs)
        {
            // The rows go first: a crash in between leaves files, which are swept with their folder, and no job without its files.
            await writer.WriteAsync(changed => JobService.RemoveAsync(changed, job), cancellationToken);
            await files.DeleteJobAsync(job, cancellationToken);
        }

        var uploads = await database
            .Uploads.Where(upload =>
                upload.ExpiresAt < now && !database.Jobs.Any(job => job.VideoId == upload.Id) && !database.Jobs.Any(job => job.AudioId == upload.Id)
            )
            .OrderBy(upload => upload.Id)
            .Take(AtOnce)
            .Select(upload => upload.Id)
            .ToListAsync(cancellationToken);
        foreach (var upload in uploads)
        {
            // A job may have come to need it meanwhile.
            if (await writer.WriteAsync(changed => UploadService.RemoveAsync(changed, upload), cancellationToken) > 0)
            {
                await files.DeleteUploadAsync(upload, cancellationToken);
            }
        }

        await writer.WriteAsync(
            async changed => await changed.IdempotentRequests.Where(request => request.ExpiresAt < now).ExecuteDeleteAsync(CancellationToken.None),
            cancellationToken
        );
    }

    /// <summary>Deletes folders whose job is gone: the server ended between rows and files.</summary>
    private async Task SweepLostAsync(CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        await foreach (var id in files.JobIdsAsync(cancellationToken))
        {
            if (!await database.Jobs.AnyAsync(job => job.Id == id, cancellationToken))
            {
                await files.DeleteJobAsync(id, cancellationToken);
            }
        }

        await foreach (var id in files.UploadIdsAsync(cancellationToken))
        {
            if (!await database.Uploads.AnyAsync(upload => upload.Id == id, cancellationToken))
            {
                await files.DeleteUploadAsync(id, cancellationToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Expired jobs could not be deleted.")]
    private partial void LogFault(Exception error);
}
