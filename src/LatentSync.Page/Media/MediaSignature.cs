namespace LatentSync.Page.Media;

/// <summary>What a file is by its first bytes, never by its name.</summary>
internal static class MediaSignature
{
    /// <summary>Bytes that decide.</summary>
    public const int Length = 12;

    /// <summary>A media type that browsers show; null for others.</summary>
    public static string? Of(ReadOnlySpan<byte> start) =>
        start.Length < Length ? null
        : start[4..8].SequenceEqual("ftyp"u8) ? "video/mp4"
        : start.StartsWith((ReadOnlySpan<byte>)[0x1a, 0x45, 0xdf, 0xa3]) ? "video/webm"
        : start.StartsWith("OggS"u8) ? "application/ogg"
        : start.StartsWith("fLaC"u8) ? "audio/flac"
        : start.StartsWith("ID3"u8) || (start[0] == 0xff && (start[1] & 0xe0) == 0xe0 && start[1] != 0xff && start[1] != 0xd8) ? "audio/mpeg"
        : start.StartsWith("RIFF"u8) && start[8..12].SequenceEqual("WAVE"u8) ? "audio/wav"
        : start.StartsWith("RIFF"u8) && start[8..12].SequenceEqual("WEBP"u8) ? "image/webp"
        : start.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4e, 0x47]) ? "image/png"
        : start.StartsWith((ReadOnlySpan<byte>)[0xff, 0xd8, 0xff]) ? "image/jpeg"
        : null;
}
