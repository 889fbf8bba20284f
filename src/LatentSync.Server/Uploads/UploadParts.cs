using System.Security.Cryptography;
using LatentSync.Server.Data;
using LatentSync.Server.Data.Writing;
using LatentSync.Server.Jobs;
using LatentSync.Server.Media;
using Microsoft.EntityFrameworkCore;

namespace LatentSync.Server.Uploads;

/// <summary>
/// Uploads in storage that cannot append: each piece that comes is an object with a name of its own, and a row says that it belongs
/// to the upload. Any process can go on with an upload, and a piece whose row was refused was never part of it.
/// </summary>
internal sealed class UploadParts(IDbContextFactory<ServerDatabase> databases, DatabaseWriter writer, MediaStore media, MediaFiles files)
{
    private const int BufferLength = 1 << 16;

    // What a broken connection or a killed process costs at most, and what lies on the disk of this process for each connection.
    private const int PartBytes = 16 << 20;

    /// <summary>Bytes of an upload that are here.</summary>
    public async Task<long> ReceivedAsync(string id, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await database.UploadParts.Where(part => part.UploadId == id).SumAsync(part => part.Length, cancellationToken);
    }

    /// <summary>Appends bytes; what has come stays, even if the connection breaks.</summary>
    /// <returns>How many are here now.</returns>
    /// <exception cref="RequestException">409: not there; 413: more than may come.</exception>
    public async Task<long> AppendAsync(string id, long offset, Stream body, long longest, CancellationToken cancellationToken)
    {
        var folder = media.Scratch("part_" + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        try
        {
            var path = Path.Combine(folder, "part");
            for (var isEnd = false; !isEnd; )
            {
                (var length, var digest, isEnd, var broken) = await SpoolAsync(path, body, cancellationToken);
                if (offset + length > longest)
                {
                    throw new RequestException(413, "too_large", Invariant($"More than the {longest} bytes came that were announced."));
                }

                if (length > 0)
                {
                    await AddAsync(id, offset, path, length, digest);
                    offset += length;
                }

                if (broken is not null)
                {
                    throw broken;
                }
            }

            return offset;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Puts a local file in as the whole upload.</summary>
    public async Task AddFileAsync(string id, string path, CancellationToken cancellationToken)
    {
        await RestartAsync(id, cancellationToken);
        await AddAsync(id, 0, path, new FileInfo(path).Length, await MediaFiles.DigestAsync(path, cancellationToken));
    }

    /// <summary>Drops what has come.</summary>
    public async Task RestartAsync(string id, CancellationToken cancellationToken)
    {
        await writer.WriteAsync(async database => await database.UploadParts.Where(part => part.UploadId == id).ExecuteDeleteAsync(), cancellationToken);
        await files.Store!.DeleteAsync(MediaFiles.UploadPrefix(id), cancellationToken);
    }

    private async Task AddAsync(string id, long offset, string path, long length, string digest)
    {
        var part = new UploadPart
        {
            UploadId = id,
            Offset = offset,
            Length = length,
            Name = MediaFiles.UploadPrefix(id) + Guid.NewGuid().ToString("N"),
            Digest = digest,
        };
        await files.Store!.PutAsync(part.Name, path, CancellationToken.None);
        try
        {
            await writer.WriteAsync(
                async database =>
                {
                    var upload = await database.LockUploadAsync(id) ?? throw RequestException.NotFound("upload", id);
                    var received = await database.UploadParts.Where(other => other.UploadId == id).SumAsync(other => other.Length);
                    if (upload.IsComplete || received != offset)
                    {
                        throw UploadService.WrongOffset(id, received);
                    }

                    database.UploadParts.Add(part);
                },
                CancellationToken.None
            );
        }
        catch (RequestException)
        {
            await files.Store.DeleteAsync(part.Name, CancellationToken.None);
            throw;
        }
    }

    /// <summary>Takes as much of the body as makes a part.</summary>
    /// <returns>Its length and digest; whether the body has ended; what broke it off.</returns>
    private static async Task<(long Length, string Digest, bool IsEnd, Exception? Broken)> SpoolAsync(string path, Stream body, CancellationToken stop)
    {
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, BufferLength, useAsync: true);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (buffer, broken) = (new byte[BufferLength], (Exception?)null);
        var read = 0;
        while (file.Position < PartBytes)
        {
            try
            {
                read = await body.ReadAsync(buffer, stop);
            }
            catch (Exception error) when (error is IOException or OperationCanceledException or Microsoft.AspNetCore.Http.BadHttpRequestException)
            {
                (read, broken) = (0, error);
            }

            if (read == 0)
            {
                break;
            }

            hash.AppendData(buffer, 0, read);
            await file.WriteAsync(buffer.AsMemory(0, read), CancellationToken.None);
        }

        return (file.Position, Convert.ToHexStringLower(hash.GetHashAndReset()), read == 0, broken);
    }
}
