namespace LatentSync;

/// <summary>One video to lip-sync.</summary>
public sealed record LipSyncRequest
{
    /// <summary>Path of the video with the speaking face; any format ffmpeg reads.</summary>
    public required string Video { get; init; }

    /// <summary>Path of the sound the lips shall follow; a sound file or a video with sound.</summary>
    public required string Audio { get; init; }

    /// <summary>Path of the result: .mp4, .mov or .mkv. It appears when it is complete, never before.</summary>
    public required string Output { get; init; }

    /// <summary>Replaces a file that exists at <see cref="Output"/>; otherwise that is an error.</summary>
    public bool Overwrite { get; init; }

    /// <summary>How to do it.</summary>
    public LipSyncOptions Options { get; init; } = new();
}
