using System.Runtime.CompilerServices;
using LatentSync.Server.Media;
using LatentSync.Server.Settings;
using Microsoft.Extensions.Options;

namespace LatentSync.Fleet.Storage;

/// <summary>A folder that all processes see, such as one of NFS. Files get their name when they are whole and on the disk.</summary>
internal sealed class FolderStore(IOptions<ServerSettings> settings) : IFileStore
{
    private const int BufferLength = 1 << 16;

    private readonly string _root = Path.GetFullPath(settings.Value.Store.Folder!);

    public Task PutAsync(string name, string path, CancellationToken cancellationToken) =>
        TryAsync(async () =>
        {
            var target = At(name);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            var partial = Invariant($"{target}.{Guid.NewGuid():N}.part");
            await using (var source = File.OpenRead(path))
            await using (var file = new FileStream(partial, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferLength, useAsync: true))
            {
                await source.CopyToAsync(file, cancellationToken);
                file.Flush(flushToDisk: true);
            }

            File.Move(partial, target, overwrite: true);
            return true;
        });

    public Task<StoredFile?> FindAsync(string name, CancellationToken cancellationToken) =>
        TryAsync(() =>
        {
            var file = new FileInfo(At(name));
            return Task.FromResult(file.Exists ? new StoredFile(file.Length, new DateTimeOffset(file.LastWriteTimeUtc)) : null);
        });

    public Task<Stream> OpenAsync(string name, long offset, CancellationToken cancellationToken) =>
        TryAsync<Stream>(() =>
        {
            var file = File.OpenRead(At(name));
            file.Seek(offset, SeekOrigin.Begin);
            return Task.FromResult<Stream>(file);
        });

    public Task DeleteAsync(string prefix, CancellationToken cancellationToken) =>
        TryAsync(() =>
        {
            var path = At(prefix);
            if (prefix.EndsWith('/') && Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
            else if (File.Exists(path))
            {
                File.Delete(path);
            }

            return Task.FromResult(true);
        });

    public async IAsyncEnumerable<string> FoldersAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = At(prefix);
        var found = await TryAsync(() => Task.FromResult(Directory.Exists(path) ? Directory.GetDirectories(path) : []));
        foreach (var folder in found)
        {
            yield return Path.GetFileName(folder);
        }
    }

    private static async Task<T> TryAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"The shared folder failed: {error.Message}", error);
        }
    }

    /// <summary>Names are made of ids and digests; one that leads out of the folder is a fault of this program.</summary>
    private string At(string name)
    {
        var path = Path.GetFullPath(Path.Combine(_root, name));
        return path.StartsWith(_root + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw new ArgumentException("A name of the store leads out of it.", nameof(name));
    }
}
