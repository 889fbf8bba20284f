using System.Text;
using LatentSync.Files;

namespace LatentSync.Media.Write;

/// <summary>
/// A result that appears whole or not at all: it is written under hidden names in its own folder and moved into place at
/// the end. Disposing removes whatever was not moved.
/// </summary>
internal sealed class OutputFile : IDisposable
{
    private readonly bool _overwrite;
    private readonly string _requestedPath;
    private readonly List<string> _partials = [];

    private OutputFile(string requestedPath, string fullPath, bool overwrite)
    {
        _requestedPath = requestedPath;
        FullPath = fullPath;
        _overwrite = overwrite;
    }

    /// <summary>Where the result will be.</summary>
    public string FullPath { get; }

    /// <summary>Checks that the result can be written.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overwrite">It may exist already.</param>
    /// <param name="inputPaths">Files it must not be.</param>
    /// <exception cref="LipSyncException">It may not be written, exists, is a folder, or is one of the inputs.</exception>
    public static OutputFile Create(string path, bool overwrite, IEnumerable<string> inputPaths)
    {
        if (UserFile.NameMistake(path) is { } mistake)
        {
            throw Failure(path, mistake);
        }

        var fullPath = Path.GetFullPath(path);
        if (Encoding.UTF8.GetByteCount(Path.GetFileName(fullPath)) > HiddenName.LongestName)
        {
            throw Failure(path, $"\"{path}\" cannot be written because its name has more than {HiddenName.LongestName} bytes; choose a shorter one.");
        }

        if (Directory.Exists(fullPath))
        {
            throw Failure(path, $"\"{path}\" is a folder; name a file to write.");
        }

        if (!Directory.Exists(Path.GetDirectoryName(fullPath)))
        {
            throw Failure(path, $"\"{path}\" cannot be written because its folder does not exist; create the folder first.");
        }

        var target = RealPath(fullPath);
        var comparison = OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        if (inputPaths.Any(input => string.Equals(RealPath(Path.GetFullPath(input)), target, comparison)))
        {
            throw new LipSyncException(LipSyncErrorCode.InvalidOptions, $"\"{path}\" is both an input and the output; choose another output file.")
            {
                Path = path,
            };
        }

        var file = new OutputFile(path, fullPath, overwrite);
        file.RefuseExisting();
        return file;
    }

    /// <summary>Creates an empty hidden file beside the result; returns its full path.</summary>
    /// <exception cref="LipSyncException"><see cref="LipSyncErrorCode.OutputFailed"/>: the folder cannot be written to.</exception>
    public string CreatePartial()
    {
        var partial = Path.Combine(Path.GetDirectoryName(FullPath)!, HiddenName.Of(Path.GetFileName(FullPath), $".{Guid.NewGuid():N}.partial"));
        try
        {
            using var handle = File.OpenHandle(partial, FileMode.CreateNew, FileAccess.Write);
            _partials.Add(partial);
            return partial;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Failure(
                _requestedPath,
                $"\"{_requestedPath}\" cannot be written ({exception.Message.TrimEnd('.')}); choose another folder or change its permissions.",
                exception
            );
        }
    }

    /// <summary>Makes a partial file durable and moves it into place.</summary>
    /// <exception cref="LipSyncException"><see cref="LipSyncErrorCode.OutputFailed"/>: the disk is full, or the file exists by now.</exception>
    public void Commit(string partial)
    {
        RefuseExisting();
        try
        {
            using (var handle = File.OpenHandle(partial, FileMode.Open, FileAccess.ReadWrite))
            {
                RandomAccess.FlushToDisk(handle);
            }

            File.Move(partial, FullPath, _overwrite);
            _partials.Remove(partial);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Failure(
                _requestedPath,
                $"\"{_requestedPath}\" cannot be written ({exception.Message.TrimEnd('.')}); check the disk and the folder's permissions.",
                exception
            );
        }
    }

    /// <summary>Removes the partial files.</summary>
    public void Dispose()
    {
        foreach (var partial in _partials)
        {
            try
            {
                File.Delete(partial);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // The error that led here matters more than a hidden file that cannot be removed.
            }
        }

        _partials.Clear();
    }

    private void RefuseExisting()
    {
        if (!_overwrite && File.Exists(FullPath))
        {
            throw Failure(
                _requestedPath,
                $"\"{_requestedPath}\" exists already; choose another name, or allow replacing it with {new OptionReference("Overwrite")}."
            );
        }
    }

    private static string RealPath(string fullPath)
    {
        try
        {
            return new FileInfo(fullPath).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? fullPath;
        }
        catch (IOException)
        {
            // A link that leads nowhere is its own file for the comparison.
            return fullPath;
        }
    }

    private static LipSyncException Failure(string path, FormattableString message, Exception? cause = null) =>
        new(LipSyncErrorCode.OutputFailed, message, cause) { Path = path };
}
