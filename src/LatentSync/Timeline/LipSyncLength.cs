namespace LatentSync;

/// <summary>Which of the two inputs decides how long the result is.</summary>
public enum LipSyncLength
{
    /// <summary>The sound, with its silent padding; <see cref="LipSyncLoop"/> says what a shorter video does.</summary>
    Audio = 0,

    /// <summary>The video, played once: a shorter sound is followed by silence, a longer one is cut.</summary>
    Video = 1,
}
