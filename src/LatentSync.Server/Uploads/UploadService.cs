using LatentSync.Server.Data;
using LatentSync.Server.Data.Writing;
using LatentSync.Server.Jobs;
using LatentSync.Server.Media;
using LatentSync.Server.Settings;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace LatentSync.Server.Uploads;

/// <summary>
/// Files that clients bring. How much of one is here is the length of its file and nothing else, so that a crash at any moment
/// leaves both in step; that a file is whole is a row.
/// </summary>
internal sealed class UploadService(
    IDbContextFactory<ServerDatabase> databases,
    DatabaseWriter writer,
    MediaStore media,
    MediaFiles files,
    UploadParts parts,
    JobService jobs,
    IOptions<ServerSettings> settings,
    TimeProvider time
)
{
    private const int BufferLength = 1 << 16;
    private const int LongestName = 255;

    // A disk that fills up in the middle is noticed before other parts of the server suffer.
    private const long BytesBetweenChecks = 64 << 20;

    /// <summary>Makes room for a file.</summary>
    /// <param name="owner">Whose.</param>
    /// <param name="name">The client's name for it; only shown.</param>
    /// <param name="length">Its bytes; null if they come in one piece of unknown length.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RequestException">413 or 507.</exception>
    public async Task<Upload> CreateAsync(string owner, string? name, long? length, CancellationToken cancellationToken)
    {
        RequireSize(length ?? 0);
        if (length == 0)
        {
            throw Empty();
        }

        if (!media.HasRoom(length ?? 0))
        {
            throw JobService.NoRoom();
        }

        var now = time.GetUtcNow();
        var upload = new Upload
        {
            Id = Ids.Upload(time),
            Owner = owner,
            CreatedAt = now,
            Name = name is null ? null : name[..Math.Min(name.Length, LongestName)],
            Length = length,
            ExpiresAt = now + settings.Value.UploadRetention,
        };
        if (!media.Parts)
        {
            media.CreateUploads();
            await File.Create(media.Upload(upload.Id)).DisposeAsync();
        }

        await writer.WriteAsync(
            database =>
            {
                database.Uploads.Add(upload);
                return Task.CompletedTask;
            },
            cancellationToken
        );
        return upload;
    }

    /// <summary>An upload of this owner, and its bytes that are here.</summary>
    /// <exception cref="RequestException">404.</exception>
    public async Task<(Upload Upload, long Received)> FindAsync(string owner, string id, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var upload = await database.Uploads.AsNoTracking().FirstOrDefaultAsync(upload => upload.Id == id && upload.Owner == owner, cancellationToken)
            ?? throw RequestException.NotFound("upload", id);
        if (media.Parts)
        {
            return (upload, await parts.ReceivedAsync(id, cancellationToken));
        }

        var file = new FileInfo(media.Upload(id));
        return (upload, file.Exists ? file.Length : 0);
    }

    /// <summary>Appends bytes. What has come stays, even if the connection breaks.</summary>
    /// <param name="upload">Whose bytes.</param>
    /// <param name="offset">How many the client believes to be here.</param>
    /// <param name="body">The bytes.</param>
    /// <param name="isWhole">The end of the body is the end of the file.</param>
    /// <param name="cancellationToken">The connection broke.</param>
    /// <returns>How many are here now.</returns>
    /// <exception cref="RequestException">409: the client is wrong; 423: another connection is at it; 413: more than was announced; 507.</exception>
    public async Task<long> AppendAsync(Upload upload, long offset, Stream body, bool isWhole, CancellationToken cancellationToken)
    {
        if (media.Parts)
        {
            return await AppendPartsAsync(upload, offset, body, isWhole, cancellationToken);
        }

        await using var file = Open(upload.Id);
        if (upload.IsComplete || file.Length != offset)
        {
            throw WrongOffset(upload.Id, file.Length);
        }

        file.Seek(0, SeekOrigin.End);
        await CopyAsync(upload, file, body, cancellationToken);
        var received = file.Length;
        if (isWhole || received == upload.Length)
        {
            file.Flush(flushToDisk: true);
            await CompleteAsync(upload.Id, received);
        }

        return received;
    }

    /// <summary>Begins an upload again: what has come of it is dropped.</summary>
    /// <exception cref="RequestException">409: it is complete; 423: another connection is at it.</exception>
    public async Task RestartAsync(Upload upload, CancellationToken cancellationToken)
    {
        if (upload.IsComplete)
        {
            throw new RequestException(409, "conflict", $"The file \"{upload.Id}\" is complete; begin another upload.");
        }

        if (media.Parts)
        {
            await parts.RestartAsync(upload.Id, cancellationToken);
            return;
        }

        await using var file = Open(upload.Id);
        file.SetLength(0);
    }

    /// <summary>Deletes an upload.</summary>
    /// <exception cref="RequestException">404; 409: a job needs it.</exception>
    public async Task DeleteAsync(string owner, string id, CancellationToken cancellationToken)
    {
        var (upload, _) = await FindAsync(owner, id, cancellationToken);
        if (await writer.WriteAsync(database => RemoveAsync(database, upload.Id), cancellationToken) == 0)
        {
            throw new RequestException(409, "conflict", $"A job needs the upload \"{id}\"; delete the job first.");
        }

        await files.DeleteUploadAsync(id, cancellationToken);
    }

    /// <summary>Takes an upload out of the database, unless a job needs it.</summary>
    /// <returns>How many rows: 0 or 1.</returns>
    public static async Task<int> RemoveAsync(ServerDatabase database, string id)
    {
        // Whoever submits a job with it meanwhile holds it; the second look sees that job.
        await database.LockUploadAsync(id);
        var removed = await database
            .Uploads.Where(row => row.Id == id && !database.Jobs.Any(job => job.VideoId == id || job.AudioId == id))
            .ExecuteDeleteAsync(CancellationToken.None);
        if (removed > 0)
        {
            await database.UploadParts.Where(part => part.UploadId == id).ExecuteDeleteAsync(CancellationToken.None);
        }

        return removed;
    }

    /// <summary>The client is wrong about what is here.</summary>
    public static RequestException WrongOffset(string id, long received) =>
        new(409, "wrong_offset", Invariant($"{received} bytes of \"{id}\" are here; continue from there."));

    private async Task<long> AppendPartsAsync(Upload upload, long offset, Stream body, bool isWhole, CancellationToken cancellationToken)
    {
        var here = await parts.ReceivedAsync(upload.Id, cancellationToken);
        if (upload.IsComplete || here != offset)
        {
            throw WrongOffset(upload.Id, here);
        }

        RequireRoom();
        var received = await parts.AppendAsync(upload.Id, offset, body, upload.Length ?? settings.Value.MaxUploadBytes, cancellationToken);
        if (isWhole || received == upload.Length)
        {
            await CompleteAsync(upload.Id, received);
        }

        return received;
    }

    private async Task CopyAsync(Upload upload, FileStream file, Stream body, CancellationToken cancellationToken)
    {
        var (buffer, unseen) = (new byte[BufferLength], 0L);
        try
        {
            for (int read; (read = await body.ReadAsync(buffer, cancellationToken)) > 0; )
            {
                if (file.Position + read > (upload.Length ?? settings.Value.MaxUploadBytes))
                {
                    throw new RequestException(
                        413,
                        "too_large",
                        Invariant($"More than the {upload.Length ?? settings.Value.MaxUploadBytes} bytes came that were announced.")
                    );
                }

                if ((unseen += read) >= BytesBetweenChecks)
                {
                    unseen = 0;
                    RequireRoom();
                }

                await file.WriteAsync(buffer.AsMemory(0, read), CancellationToken.None);
            }
        }
        catch (IOException) when (!media.HasRoom())
        {
            throw JobService.NoRoom();
        }
        finally
        {
            await file.FlushAsync(CancellationToken.None);
        }
    }

    private async Task CompleteAsync(string id, long length)
    {
        if (length == 0)
        {
            throw Empty();
        }

        await jobs.CompleteUploadAsync(id, length, CancellationToken.None);
    }

    private static RequestException Empty() => new(422, "invalid_input", "The file is empty; send one with a video or a sound.");

    private FileStream Open(string id)
    {
        try
        {
            return new FileStream(media.Upload(id), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, BufferLength, useAsync: true);
        }
        catch (IOException) when (File.Exists(media.Upload(id)))
        {
            throw new RequestException(423, "locked", $"Another connection is sending \"{id}\"; wait until it has ended.");
        }
    }

    private void RequireSize(long length)
    {
        if (length > settings.Value.MaxUploadBytes)
        {
            throw new RequestException(413, "too_large", Invariant($"The file has {length} bytes; {settings.Value.MaxUploadBytes} are the most here."));
        }
    }

    private void RequireRoom()
    {
        if (!media.HasRoom())
        {
            throw JobService.NoRoom();
        }
    }
}
