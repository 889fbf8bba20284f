using System.Diagnostics.CodeAnalysis;

namespace LatentSync.Server;

/// <summary>The folder of a server, which one process at a time works in; the system frees it however the process ends.</summary>
internal sealed class DataFolder : IDisposable
{
    private const string LockName = "lock";

    private readonly FileStream _lock;

    private DataFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Makes the folder, readable by this user only, and takes it.</summary>
    /// <exception cref="LipSyncException">Another server works in it, or it cannot be written.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The result owns the lock.")]
    public static DataFolder Open(string path)
    {
        try
        {
            Create(path);
            return new DataFolder(path, new FileStream(System.IO.Path.Combine(path, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException error) when (File.Exists(System.IO.Path.Combine(path, LockName)) && error is not PathTooLongException)
        {
            throw new LipSyncException(
                LipSyncErrorCode.OutputFailed,
                $"Another server works in \"{path}\", or the disk is read-only; stop that one, or name another folder with --data.",
                error
            );
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LipSyncException(LipSyncErrorCode.OutputFailed, $"The data folder \"{path}\" cannot be written: {error.Message}", error);
        }
    }

    /// <summary>Makes the folder, readable by this user only.</summary>
    public static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    public void Dispose() => _lock.Dispose();
}
