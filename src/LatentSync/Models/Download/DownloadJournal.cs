using System.Text.Json;
using LatentSync.Files;

namespace LatentSync.Models.Download;

/// <summary>
/// Which bytes of a file that is being downloaded are there, beside it on disk, so that a killed download resumes where
/// it was. The bytes are written before the journal says so. After a power cut that order may not hold; the digest of
/// the finished file tells.
/// </summary>
internal sealed class DownloadJournal
{
    private const long LongestFile = 1 << 20;

    private readonly Lock _gate = new();
    private readonly RangeSet _finished = new();
    private readonly RemoteFile _remote;
    private readonly string _path;
    private readonly long _interval;
    private long _unsaved;

    private DownloadJournal(string path, RemoteFile remote, long interval) => (_path, _remote, _interval) = (path, remote, interval);

    /// <summary>Bytes that are there.</summary>
    public long Received
    {
        get
        {
            lock (_gate)
            {
                return _finished.Total;
            }
        }
    }

    /// <summary>The journal of a file; empty if there is none yet or it belongs to another state of the file.</summary>
    /// <param name="path">Where it lies.</param>
    /// <param name="partial">The file with the bytes.</param>
    /// <param name="remote">The state that is wanted.</param>
    /// <param name="interval">It is saved whenever this many bytes came.</param>
    public static DownloadJournal Open(string path, string partial, RemoteFile remote, long interval)
    {
        var journal = new DownloadJournal(path, remote, interval);
        if (
            File.Exists(partial)
            && new FileInfo(partial).Length == remote.Length
            && Read(path) is { } state
            && state.ETag == remote.ETag
            && state.Length == remote.Length
            && state.Finished?.All(range => range.Start >= 0 && range.End <= remote.Length) == true
        )
        {
            foreach (var range in state.Finished)
            {
                journal._finished.Add(range);
            }
        }

        return journal;
    }

    /// <summary>What is still to be downloaded.</summary>
    public IReadOnlyList<ByteRange> Missing()
    {
        lock (_gate)
        {
            return [.. _finished.Missing(_remote.Length)];
        }
    }

    /// <summary>Notes bytes that have been written.</summary>
    public void Add(ByteRange range)
    {
        lock (_gate)
        {
            _finished.Add(range);
            _unsaved += range.Length;
            if (_unsaved >= _interval)
            {
                SaveLocked();
            }
        }
    }

    /// <summary>Forgets all; returns how many bytes that were.</summary>
    public long Clear()
    {
        lock (_gate)
        {
            var total = _finished.Total;
            _finished.Clear();
            SaveLocked();
            return total;
        }
    }

    /// <summary>Writes the journal.</summary>
    public void Save()
    {
        lock (_gate)
        {
            SaveLocked();
        }
    }

    private void SaveLocked()
    {
        var state = new JournalState(_remote.ETag, _remote.Length, [.. _finished.Ranges]);
        AtomicFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes(state, JournalJson.Default.JournalState));
        _unsaved = 0;
    }

    private static JournalState? Read(string path)
    {
        try
        {
            return UserFile.Length(path) is > 0 and <= LongestFile
                ? JsonSerializer.Deserialize(File.ReadAllBytes(path), JournalJson.Default.JournalState)
                : null;
        }
        catch (JsonException)
        {
            // A journal that cannot be read costs a download, no more.
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Disk(path, $"read", error);
        }
    }
}
