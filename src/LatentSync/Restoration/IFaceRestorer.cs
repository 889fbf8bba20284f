using LatentSync.Imaging;

namespace LatentSync.Restoration;

/// <summary>Puts a generated face back into its frame. Implementations keep buffers: one thread at a time.</summary>
internal interface IFaceRestorer
{
    /// <summary>Changes the frame in place. A face partly or wholly outside the frame is not an error.</summary>
    /// <param name="frame">The picture the face was cut from.</param>
    /// <param name="alignment">Takes frame pixels to crop pixels (<see cref="CropSize"/>), as when the face was cut out.</param>
    /// <param name="face">[3, resolution, resolution] RGB in -1..1: the model's face composited with the kept pixels.</param>
    /// <param name="weight">How much of the face shows: 0 leaves the frame as it is, 1 is all of it.</param>
    /// <param name="mask">Told what is painted; null if nobody wants to know.</param>
    /// <exception cref="InvalidOperationException">The alignment has no inverse.</exception>
    /// <exception cref="ArgumentException">The face has another size than the restorer was made for.</exception>
    void Restore(RgbImage frame, AffineTransform alignment, ReadOnlyMemory<float> face, float weight, PaintedMask? mask = null);
}
