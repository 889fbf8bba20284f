namespace LatentSync.Worker;

/// <summary>A job that measures how well the lips of a video follow its sound.</summary>
internal sealed record ScoreMessage : JobMessage
{
    /// <summary>Path of the video.</summary>
    public required string Video { get; set; }
}
