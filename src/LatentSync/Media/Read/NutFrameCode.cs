namespace LatentSync.Media.Read;

/// <summary>What one value of a NUT frame's first byte stands for.</summary>
internal readonly record struct NutFrameCode(int Flags, long PtsDelta, long SizeFactor, long Size, long ReservedCount, int HeaderIndex)
{
    /// <summary>The time is in the frame.</summary>
    public const int CodedPts = 1 << 3;

    /// <summary>The number of the stream is in the frame.</summary>
    public const int StreamId = 1 << 4;

    /// <summary>The upper part of the size is in the frame.</summary>
    public const int SizeMsb = 1 << 5;

    /// <summary>A checksum of the frame's header follows it.</summary>
    public const int Checksum = 1 << 6;

    /// <summary>A number of values without meaning follows.</summary>
    public const int Reserved = 1 << 7;

    /// <summary>Data beside the frame; not known here.</summary>
    public const int SideData = 1 << 8;

    /// <summary>The number of the bytes that are left out at the start of the frame is in it.</summary>
    public const int HeaderIdx = 1 << 10;

    /// <summary>A distance that only seeking needs is in the frame.</summary>
    public const int MatchTime = 1 << 11;

    /// <summary>Flags that are turned over are in the frame.</summary>
    public const int CodedFlags = 1 << 12;

    /// <summary>There is no such frame.</summary>
    public const int Invalid = 1 << 13;
}
