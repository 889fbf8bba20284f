using System.Security.Cryptography;
using LatentSync.Server.Settings;
using Microsoft.Extensions.Options;

namespace LatentSync.Server.Media;

/// <summary>
/// Local copies of files of the store, fetched once and checked by their digest. Those that were not used for longest go when they
/// take more room than the settings allow; those in use stay.
/// </summary>
internal sealed class MediaCache(MediaStore media, IOptions<ServerSettings> settings, TimeProvider time)
{
    private const int BufferLength = 1 << 16;
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, int> _uses = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Task> _fetches = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>A copy of pieces, one behind the other.</summary>
    /// <param name="key">What it is called here: letters, digits and underscores; the same content for ever.</param>
    /// <param name="store">Where they are.</param>
    /// <param name="pieces">The pieces.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StoreException">The store does not give them.</exception>
    /// <exception cref="SpoiledFileException">It gives others.</exception>
    public async Task<CachedFile> GetAsync(string key, IFileStore store, IReadOnlyList<StoredPiece> pieces, CancellationToken cancellationToken)
    {
        var path = media.Copy(key);
        Task fetch;
        lock (_gate)
        {
            _uses[key] = _uses.GetValueOrDefault(key) + 1;
            if (!_fetches.TryGetValue(key, out fetch!))
            {
                // Not given up with the first who asked: others may wait for it.
                _fetches[key] = fetch = Task.Run(() => FetchOnceAsync(key, path, store, pieces), CancellationToken.None);
            }
        }

        try
        {
            await fetch.WaitAsync(cancellationToken);
            File.SetLastWriteTimeUtc(path, time.GetUtcNow().UtcDateTime);
            return new CachedFile(path, () => Release(key));
        }
        catch
        {
            Release(key);
            throw;
        }
    }

    private async Task FetchOnceAsync(string key, string path, IFileStore store, IReadOnlyList<StoredPiece> pieces)
    {
        try
        {
            if (!File.Exists(path))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                MakeRoom(Path.GetDirectoryName(path)!, pieces.Sum(piece => piece.Length));
                await FetchAsync(path, store, pieces);
            }
        }
        finally
        {
            lock (_gate)
            {
                _fetches.Remove(key);
            }
        }
    }

    private static async Task FetchAsync(string path, IFileStore store, IReadOnlyList<StoredPiece> pieces)
    {
        var partial = path + ".part";
        await using (var file = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None, BufferLength, useAsync: true))
        {
            foreach (var piece in pieces)
            {
                await using var source = await store.OpenAsync(piece.Name, 0, CancellationToken.None);
                using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                var (buffer, length) = (new byte[BufferLength], 0L);
                for (int read; (read = await ReadAsync(source, buffer)) > 0; length += read)
                {
                    hash.AppendData(buffer, 0, read);
                    await file.WriteAsync(buffer.AsMemory(0, read));
                }

                var digest = Convert.ToHexStringLower(hash.GetHashAndReset());
                if (length != piece.Length || (piece.Digest is { } known && known != digest))
                {
                    throw new SpoiledFileException(
                        Invariant($"The storage gave {length} bytes for \"{piece.Name}\" that are not the {piece.Length} that were put there.")
                    );
                }
            }
        }

        File.Move(partial, path, overwrite: true);
    }

    /// <summary>Reads, unless nothing comes for too long.</summary>
    private static async Task<int> ReadAsync(Stream source, byte[] buffer)
    {
        using var silence = new CancellationTokenSource(Silence);
        try
        {
            return await source.ReadAsync(buffer, silence.Token);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            throw new StoreException($"The storage broke off in the middle of a file: {error.Message}", error);
        }
    }

    private void MakeRoom(string folder, long bytes)
    {
        lock (_gate)
        {
            var files = new DirectoryInfo(folder).GetFiles().OrderBy(file => file.LastWriteTimeUtc).ToList();
            var total = files.Sum(file => file.Length) + bytes;
            foreach (var file in files.Where(file => !_uses.ContainsKey(Path.GetFileNameWithoutExtension(file.Name))))
            {
                if (total <= settings.Value.CacheBytes)
                {
                    return;
                }

                total -= file.Length;
                file.Delete();
            }
        }
    }

    private void Release(string key)
    {
        lock (_gate)
        {
            if (--_uses[key] == 0)
            {
                _uses.Remove(key);
            }
        }
    }
}
