using System.Net;
using LatentSync.Server.Data;
using LatentSync.Server.Jobs;
using LatentSync.Server.Media;
using LatentSync.Server.Security;
using LatentSync.Server.Settings;
using LatentSync.Server.Uploads;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace LatentSync.Server.Work;

/// <summary>Brings inputs from addresses that clients named: https only, size and time limited, no redirects.</summary>
internal sealed class InputFetcher(
    IDbContextFactory<ServerDatabase> databases,
    JobService jobs,
    MediaStore media,
    UploadParts parts,
    GuardedHttp http,
    IOptions<ServerSettings> settings
)
{
    private const int BufferLength = 1 << 16;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    /// <summary>Fetches an input unless it is here.</summary>
    /// <exception cref="RequestException">It cannot be fetched.</exception>
    public async Task FetchAsync(string uploadId, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var upload = await database.Uploads.AsNoTracking().FirstAsync(upload => upload.Id == uploadId, cancellationToken);
        if (upload.IsComplete || upload.Url is null)
        {
            return;
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Longest);
        try
        {
            var length = await FetchAsync(uploadId, new Uri(upload.Url), timeout.Token);
            await jobs.CompleteUploadAsync(uploadId, length, cancellationToken);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failed(upload.Url, Invariant($"it took longer than {Longest.TotalMinutes:0} minutes"));
        }
        catch (Exception error) when (error is HttpRequestException or IOException && media.HasRoom())
        {
            throw Failed(upload.Url, error.Message);
        }
    }

    private async Task<long> FetchAsync(string id, Uri address, CancellationToken cancellationToken)
    {
        if (!media.Parts)
        {
            media.CreateUploads();
            return await DownloadAsync(address, media.Upload(id), cancellationToken);
        }

        var folder = media.Scratch("fetch_" + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        try
        {
            var path = Path.Combine(folder, "input");
            var length = await DownloadAsync(address, path, cancellationToken);
            await parts.AddFileAsync(id, path, cancellationToken);
            return length;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<long> DownloadAsync(Uri address, string path, CancellationToken cancellationToken)
    {
        using var answer = await http.Client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            throw Failed(address.ToString(), Invariant($"its server answered {(int)answer.StatusCode}; redirects are not followed"));
        }

        var limit = settings.Value.MaxUploadBytes;
        if (answer.Content.Headers.ContentLength > limit)
        {
            throw Failed(address.ToString(), Invariant($"it has {answer.Content.Headers.ContentLength} bytes, and {limit} are the most"));
        }

        var partial = path + ".part";
        await using var source = await answer.Content.ReadAsStreamAsync(cancellationToken);
        await using (var file = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None, BufferLength, useAsync: true))
        {
            var buffer = new byte[BufferLength];
            for (int read; (read = await source.ReadAsync(buffer, cancellationToken)) > 0; )
            {
                if (file.Position + read > limit)
                {
                    throw Failed(address.ToString(), Invariant($"it has more than {limit} bytes"));
                }

                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }

            file.Flush(flushToDisk: true);
        }

        File.Move(partial, path, overwrite: true);
        return new FileInfo(path).Length;
    }

    private static RequestException Failed(string address, string reason) =>
        new(422, "invalid_input", $"The input \"{address}\" cannot be fetched: {reason}; upload it instead, or correct the address.");
}
