namespace LatentSync.TestKit;

/// <summary>Pages of an Ogg file, without a checksum.</summary>
internal static class OggPage
{
    /// <summary>The flag of a page with which a track begins.</summary>
    public const byte First = 2;

    public static byte[] Make(byte flags, byte[] body)
    {
        const int granuleSerialSequenceChecksum = 8 + 4 + 4 + 4;
        byte[] segments = [.. Enumerable.Repeat(byte.MaxValue, body.Length / byte.MaxValue), (byte)(body.Length % byte.MaxValue)];
        return [.. "OggS"u8, 0, flags, .. new byte[granuleSerialSequenceChecksum], (byte)segments.Length, .. segments, .. body];
    }
}
