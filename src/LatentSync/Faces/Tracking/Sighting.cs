namespace LatentSync.Faces.Tracking;

/// <summary>A face of one frame.</summary>
/// <param name="Track">The number of its track.</param>
/// <param name="Face">The face.</param>
/// <param name="Likeness">To the face of a reference picture, as <see cref="FaceLikeness"/> measures it; 0 without one.</param>
internal readonly record struct Sighting(int Track, FaceLandmarks Face, double Likeness = 0);
