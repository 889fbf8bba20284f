namespace LatentSync.Faces.Tracking;

/// <summary>A followed person in one frame.</summary>
/// <param name="Track">The number of the person's track, unique within the shot; null if nobody is followed.</param>
/// <param name="Face">The face; null where it is missing.</param>
internal readonly record struct FollowedFace(int? Track, FaceLandmarks? Face);
