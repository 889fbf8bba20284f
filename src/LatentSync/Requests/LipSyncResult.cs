namespace LatentSync;

/// <summary>What a finished job from files to a file did.</summary>
public sealed record LipSyncResult : LipSyncOutcome
{
    /// <summary>Path of the result.</summary>
    public required string Output { get; init; }

    /// <summary>How long the pictures last, the last frame included.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>No mouth was painted, and the pictures are those of the source bit for bit, not encoded again.</summary>
    public bool PicturesCopied { get; init; }

    /// <summary>Size of the result in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Size of the result in pixels.</summary>
    public required int Height { get; init; }
}
