using System.Buffers.Binary;
using LatentSync.Checkpoints.Pickle;
using LatentSync.Checkpoints.Safetensors;
using LatentSync.Checkpoints.Tensors;

namespace LatentSync.Checkpoints;

/// <summary>Opens checkpoints of every format that is read.</summary>
internal static class CheckpointFile
{
    private const byte PickleProtocolOpcode = 0x80;
    private const int SniffLength = 16;

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

    private static bool IsSafetensors(ReadOnlySpan<byte> start, long length) =>
        start.Length > SafetensorsHeader.LengthBytes
        && start[SafetensorsHeader.LengthBytes] == (byte)'{'
        && BinaryPrimitives.ReadUInt64LittleEndian(start) <= (ulong)Math.Max(length, SafetensorsHeader.MaxBytes);

    private static LipSyncException Unknown(ReadOnlySpan<byte> start, string path)
    {
        if (start[0] == PickleProtocolOpcode)
        {
            return ModelErrors.Refused(
                path,
                $"is in PyTorch's format from before version 1.6, which is not read; load it and save it again with a newer PyTorch, or as safetensors"
            );
        }

        if (start.StartsWith("version https://"u8))
        {
            return ModelErrors.Refused(path, $"is a Git LFS pointer, not the model itself; run \"git lfs pull\" or download the file from its web page");
        }

        return start[0] == (byte)'<'
            ? ModelErrors.Refused(path, $"is a web page, not a model; download the file itself")
            : ModelErrors.Refused(path, $"is neither a PyTorch checkpoint nor a safetensors file; check that the right file was given");
    }
}
