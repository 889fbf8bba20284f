namespace LatentSync;

/// <summary>Why frames of a video cannot be painted.</summary>
public enum LipSyncGapReason
{
    /// <summary>The chosen face is not there.</summary>
    Missing,

    /// <summary>The chosen face is turned away.</summary>
    TurnedAway,

    /// <summary>Faces are there, but smaller than 50 pixels in width and 80 in height.</summary>
    TooSmall,
}
