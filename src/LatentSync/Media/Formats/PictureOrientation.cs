namespace LatentSync.Media.Formats;

/// <summary>How a photograph has to be turned to stand upright: first mirrored, then turned.</summary>
/// <param name="IsMirrored">Left and right change places.</param>
/// <param name="Rotation">Then it is turned clockwise by so many degrees: 0, 90, 180 or 270.</param>
internal readonly record struct PictureOrientation(bool IsMirrored, int Rotation);
