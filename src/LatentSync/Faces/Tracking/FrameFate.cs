namespace LatentSync.Faces.Tracking;

/// <summary>What happens to a frame, or to a face in it. Where there are several faces, the fate that comes first here is the frame's.</summary>
internal enum FrameFate : byte
{
    /// <summary>The chosen face was found and is painted.</summary>
    Synced,

    /// <summary>The face was missing for a moment and is painted where it must have been.</summary>
    Bridged,

    /// <summary>The face is turned away; the frame passes through.</summary>
    TurnedAway,

    /// <summary>The face is not there; the frame passes through.</summary>
    NoFace,

    /// <summary>Nobody speaks, and the mouth of the video comes back; the frame passes through.</summary>
    Quiet,
}
