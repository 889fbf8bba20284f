using System.IO.MemoryMappedFiles;

namespace LatentSync.Checkpoints.Tensors;

/// <summary>
/// A file mapped into memory for reading. Its bytes are the operating system's page cache, so a 5 GB checkpoint costs
/// no memory of this process until its weights are touched. The file must not shrink while it is mapped.
/// </summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private byte* _pointer;

    private MappedFile(string path, long length)
    {
        (Path, Length) = (path, length);
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, mapName: null, capacity: 0, MemoryMappedFileAccess.Read);
        try
        {
            _view = _file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        }
        catch
        {
            _file.Dispose();
            throw;
        }

        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _pointer = start + _view.PointerOffset;
    }

    /// <summary>The file's path as it was given.</summary>
    public string Path { get; }

    /// <summary>The file's length in bytes.</summary>
    public long Length { get; }

    /// <summary>The first byte; valid until <see cref="Dispose"/>.</summary>
    public byte* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_pointer is null, this);
            return _pointer;
        }
    }

    /// <summary>Maps a file.</summary>
    /// <exception cref="LipSyncException">The file is missing, empty, a folder, or may not be read.</exception>
    public static MappedFile Open(string path)
    {
        if (Directory.Exists(path))
        {
            throw ModelErrors.Create(path, $"\"{path}\" is a folder, not a model file; give the file inside it.");
        }

        try
        {
            return UserFile.Length(path) switch
            {
                null => throw ModelErrors.Create(path, $"The model file \"{path}\" does not exist; check the path or download it."),
                0 => throw ModelErrors.Damaged(path, $"it is empty, or a pipe or device and not an ordinary file"),
                { } length => new MappedFile(path, length),
            };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw ModelErrors.Create(path, $"The model file \"{path}\" cannot be opened; check that it exists and may be read.", error);
        }
    }

    /// <summary>A stretch of the file.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not wholly inside the file, or is longer than a span can be.</exception>
    public ReadOnlySpan<byte> Slice(long offset, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, int.MaxValue);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - length);
        return new ReadOnlySpan<byte>(Pointer + offset, (int)length);
    }

    /// <summary>Unmaps the file; spans and pointers into it become invalid.</summary>
    public void Dispose()
    {
        if (_pointer is null)
        {
            return;
        }

        _pointer = null;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
