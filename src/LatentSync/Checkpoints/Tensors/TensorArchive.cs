using System.Buffers.Binary;
using LatentSync.Checkpoints.Pickle;
using LatentSync.Checkpoints.Safetensors;

namespace LatentSync.Checkpoints.Tensors;

/// <summary>A mapped file of named tensors: a PyTorch zip archive or a safetensors file.</summary>
internal abstract class TensorArchive : IDisposable
{
    private const byte PickleProtocolOpcode = 0x80;
    private const int SniffLength = 16;

    private readonly MappedFile _file;

    private protected TensorArchive(MappedFile file) => _file = file;

    /// <summary>The file's path as it was given.</summary>
    public string Path => _file.Path;

    /// <summary>The file's length in bytes.</summary>
    public long Length => _file.Length;

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, StoredTensor> Tensors { get; private protected init; } = new Dictionary<string, StoredTensor>(StringComparer.Ordinal);

    /// <summary>
    /// Single values beside the tensors: long, double, bool or string. Those of a dictionary have its name in front, as in
    /// <c>dims.n_mels</c>.
    /// </summary>
    public IReadOnlyDictionary<string, object> Scalars { get; private protected init; } = new Dictionary<string, object>(StringComparer.Ordinal);

    /// <summary>Opens a checkpoint; the first bytes tell the format, not the file's extension.</summary>
    /// <exception cref="LipSyncException">The file is missing, damaged, hostile, or of another format.</exception>
    public static TensorArchive Open(string path)
    {
        var file = MappedFile.Open(path);
        try
        {
            var start = file.Slice(0, Math.Min(SniffLength, file.Length));
            return start switch
            {
                _ when start.StartsWith("PK"u8) => new PickleArchive(file),
                _ when IsSafetensors(start, file.Length) => new SafetensorsArchive(file),
                _ => throw Unknown(start, path),
            };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Unmaps the file; its tensors become unusable.</summary>
    public void Dispose()
    {
        _file.Dispose();
        GC.SuppressFinalize(this);
    }

    private static bool IsSafetensors(ReadOnlySpan<byte> start, long length) =>
        start.Length > SafetensorsHeader.LengthBytes
        && start[SafetensorsHeader.LengthBytes] == (byte)'{'
        && BinaryPrimitives.ReadUInt64LittleEndian(start) <= (ulong)Math.Max(length, SafetensorsHeader.MaxBytes);

    private static LipSyncException Unknown(ReadOnlySpan<byte> start, string path)
    {
        if (start[0] == PickleProtocolOpcode)
        {
            return ModelErrors.Refused(path, "is in PyTorch's format from before version 1.6, which is not read; load it and save it again with a newer PyTorch, or as safetensors");
        }

        if (start.StartsWith("version https://"u8))
        {
            return ModelErrors.Refused(path, "is a Git LFS pointer, not the model itself; run \"git lfs pull\" or download the file from its web page");
        }

        return start[0] == (byte)'<'
            ? ModelErrors.Refused(path, "is a web page, not a model; download the file itself")
            : ModelErrors.Refused(path, "is neither a PyTorch checkpoint nor a safetensors file; check that the right file was given");
    }
}
