using LatentSync.Imaging;

namespace LatentSync.Faces;

/// <summary>
/// Cuts the aligned face out of a frame: a bilinear warp to the crop, truncated to 8 bits, then Lanczos-4 to the model's
/// square input. Keeps its buffers between frames; not for use by two threads at once.
/// </summary>
internal sealed class FaceCropper
{
    // What the reference shows the model where the crop leaves the frame.
    private const byte OutsideValue = 127;

    private readonly RgbImage _crop;
    private readonly LanczosResizer _resizer;

    /// <summary>A cropper for a model resolution.</summary>
    public FaceCropper(int resolution)
    {
        var size = CropSize.ForResolution(resolution);
        Resolution = resolution;
        _crop = new RgbImage(size.Width, size.Height);
        _resizer = new LanczosResizer(size.Width, size.Height, resolution, resolution, RgbImage.Channels);
    }

    /// <summary>The side of the model's square input.</summary>
    public int Resolution { get; }

    /// <summary>Overwrites <paramref name="face"/>, <see cref="Resolution"/> pixels square.</summary>
    /// <param name="frame">The whole picture.</param>
    /// <param name="alignment">Takes frame pixels to crop pixels.</param>
    /// <param name="face">Receives the face.</param>
    /// <exception cref="InvalidOperationException">The alignment has no inverse.</exception>
    public void Crop(RgbImage frame, AffineTransform alignment, RgbImage face)
    {
        AffineWarp.Warp(frame, alignment, _crop, OutsideValue);
        _resizer.Resize(_crop.Pixels, face.Pixels);
    }
}
