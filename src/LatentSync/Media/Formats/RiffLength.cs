using System.Buffers.Binary;

namespace LatentSync.Media.Formats;

/// <summary>WAV and AVI say in their first bytes how long the file is; ffmpeg reads what is there without a word.</summary>
internal static class RiffLength
{
    private const int HeadLength = 8;

    /// <summary>The file is shorter than it says. One that was written to a pipe says nothing, or as much as there can be.</summary>
    /// <param name="path">The file.</param>
    public static bool IsMissingBytes(string path)
    {
        Span<byte> head = stackalloc byte[HeadLength];
        using var file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
        if (RandomAccess.Read(file, head, 0) < HeadLength || !head.StartsWith("RIFF"u8))
        {
            return false;
        }

        // Sizes of recorders that ran over, or were not told the size in the end, are close to the most that fits.
        const uint mostBytes = int.MaxValue;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(head[sizeof(uint)..]);
        return length < mostBytes && HeadLength + (long)length > RandomAccess.GetLength(file) + 1;
    }
}
