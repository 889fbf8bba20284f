namespace LatentSync;

/// <summary>What a video does that ends before the sound; without meaning where the video decides the length.</summary>
public enum LipSyncLoop
{
    /// <summary>Runs backward, forward, backward ... Each pass is the whole video, so the frame at a turn comes twice.</summary>
    PingPong = 0,

    /// <summary>Starts over.</summary>
    Loop = 1,

    /// <summary>Stands still at its last frame.</summary>
    Freeze = 2,

    /// <summary>Ends, and the result with it.</summary>
    Trim = 3,
}
