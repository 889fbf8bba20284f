using System.Buffers;
using System.Security.Cryptography;

namespace LatentSync.Files;

/// <summary>SHA-256 of files.</summary>
internal static class FileDigest
{
    private const int BufferLength = 1 << 20;

    /// <summary>The digest in lower-case hexadecimal.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Is told how many bytes more were read.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="failure">The error of a path and what could not be done to it; null for that of the store.</param>
    /// <exception cref="LipSyncException">It cannot be read.</exception>
    public static async Task<string> ComputeAsync(
        string path,
        Action<long> read,
        CancellationToken cancellationToken,
        Func<string, FormattableString, Exception, LipSyncException>? failure = null
    )
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            using var file = File.OpenHandle(path, options: FileOptions.SequentialScan | FileOptions.Asynchronous);
            for (var position = 0L; ; )
            {
                var count = await RandomAccess.ReadAsync(file, buffer, position, cancellationToken).ConfigureAwait(false);
                if (count == 0)
                {
                    return Convert.ToHexStringLower(digest.GetHashAndReset());
                }

                digest.AppendData(buffer, 0, count);
                position += count;
                read(count);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw (failure ?? FileErrors.Disk)(path, $"read", error);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
