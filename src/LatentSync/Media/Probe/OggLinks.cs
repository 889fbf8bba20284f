namespace LatentSync.Media.Probe;

/// <summary>
/// Finds where the recordings of a chained Ogg file begin (RFC 3533, section 4), from the headers of its pages. ffmpeg reads a
/// chain as one, but takes the headers of later Opus recordings for packets of 0.96 s; so each is read as a file of its own.
/// </summary>
internal static class OggLinks
{
    private const int HeaderLength = 27;
    private const int FlagsOffset = 5;
    private const int SegmentCountOffset = 26;
    private const int MostSegments = 255;
    private const byte BeginsStream = 0x02;
    private const int BufferLength = 1 << 16;

    /// <summary>ffmpeg is told all of them in an argument.</summary>
    private const int MostLinks = 1000;

    /// <summary>Where each recording begins, and the end of the file, in bytes; empty if there is but one, or not each is a lone Opus track.</summary>
    /// <param name="fullPath">A file that <see cref="MediaInput.Validate"/> has accepted.</param>
    public static IReadOnlyList<long> Find(string fullPath)
    {
        using var file = new FileStream(fullPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferLength);
        return Find(file);
    }

    /// <inheritdoc cref="Find(string)"/>
    public static IReadOnlyList<long> Find(Stream file)
    {
        var header = new byte[HeaderLength + MostSegments];
        List<long> offsets = [];
        var isInHeaders = false;
        for (var offset = 0L; ReadHeader(file, header) is { } bodyLength; )
        {
            var begins = (header[FlagsOffset] & BeginsStream) != 0;
            if (begins && (isInHeaders || offsets.Count == MostLinks || !IsOpus(file, bodyLength)))
            {
                return [];
            }

            if (begins)
            {
                offsets.Add(offset);
            }

            isInHeaders = begins;
            offset += HeaderLength + header[SegmentCountOffset] + bodyLength;
            file.Position = offset;
        }

        return offsets.Count > 1 && offsets[0] == 0 ? [.. offsets, file.Length] : [];
    }

    /// <summary>Reads a page up to its body, of which it returns the length; null where no page begins.</summary>
    private static int? ReadHeader(Stream file, byte[] header)
    {
        if (file.ReadAtLeast(header.AsSpan(0, HeaderLength), HeaderLength, throwOnEndOfStream: false) < HeaderLength || !header.AsSpan().StartsWith("OggS"u8))
        {
            return null;
        }

        var segments = header.AsSpan(HeaderLength, header[SegmentCountOffset]);
        if (file.ReadAtLeast(segments, segments.Length, throwOnEndOfStream: false) < segments.Length)
        {
            return null;
        }

        var length = 0;
        foreach (var segment in segments)
        {
            length += segment;
        }

        return length;
    }

    private static bool IsOpus(Stream file, int bodyLength)
    {
        Span<byte> start = stackalloc byte[OpusHeader.Mark.Length];
        return bodyLength >= start.Length
            && file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length
            && start.SequenceEqual(OpusHeader.Mark);
    }
}
