namespace LatentSync.Faces.Tracking;

/// <summary>A face of one frame and the number of its track.</summary>
internal readonly record struct Sighting(int Track, FaceLandmarks Face);
