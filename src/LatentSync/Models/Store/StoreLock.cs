using LatentSync.Files;

namespace LatentSync.Models.Store;

/// <summary>
/// Lets one process at a time change a model. The system frees the lock when a process ends, however it ends; the empty
/// file stays, because deleting it would let two processes lock two different files of that name.
/// </summary>
internal sealed class StoreLock : IDisposable
{
    private readonly FileStream _file;

    private StoreLock(FileStream file) => _file = file;

    /// <summary>Takes the lock of a model.</summary>
    /// <exception cref="LipSyncException">Another process has it, or the store cannot be written to.</exception>
    public static StoreLock Take(string store, string name)
    {
        var path = Path.Combine(store, $".{name}.lock");
        try
        {
            Directory.CreateDirectory(store);
            return new StoreLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException error) when (error.GetType() == typeof(IOException) && File.Exists(path))
        {
            throw new LipSyncException(
                LipSyncErrorCode.OutputFailed,
                $"The model \"{name}\" is being changed by another latentsync; wait until that is done and try again.",
                error
            )
            {
                Path = path,
            };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Disk(path, $"written", error);
        }
    }

    public void Dispose() => _file.Dispose();
}
