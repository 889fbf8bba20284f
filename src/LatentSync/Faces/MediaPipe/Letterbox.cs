namespace LatentSync.Faces.MediaPipe;

/// <summary>Where a frame lies in the square that a detector sees: scaled to fit, in the middle, black bars beside it.</summary>
/// <param name="X">Left edge, in pixels of the square.</param>
/// <param name="Y">Top edge.</param>
/// <param name="Width">Width of the scaled frame, at least 1.</param>
/// <param name="Height">Height of the scaled frame, at least 1.</param>
/// <param name="ScaleX">Pixels of the frame per pixel of the square.</param>
/// <param name="ScaleY">The same for the vertical.</param>
internal readonly record struct Letterbox(int X, int Y, int Width, int Height, double ScaleX, double ScaleY)
{
    /// <summary>Fits a frame into a square.</summary>
    public static Letterbox Fit(int frameWidth, int frameHeight, int size)
    {
        var scale = Math.Min((double)size / frameWidth, (double)size / frameHeight);
        var width = Math.Clamp((int)Math.Round(frameWidth * scale), 1, size);
        var height = Math.Clamp((int)Math.Round(frameHeight * scale), 1, size);
        return new Letterbox((size - width) / 2, (size - height) / 2, width, height, (double)frameWidth / width, (double)frameHeight / height);
    }

    /// <summary>A horizontal position in the square, in pixels of the frame.</summary>
    public double ToFrameX(double x) => (x - X) * ScaleX;

    /// <summary>A vertical position in the square, in pixels of the frame.</summary>
    public double ToFrameY(double y) => (y - Y) * ScaleY;
}
