using LatentSync.Backends.Cuda.Launching.Lists;

namespace LatentSync.Backends.Cuda.Launching.Operations;

/// <summary>8-bit faces as numbers of -1..1, masked or whole.</summary>
/// <param name="Pixels">8-bit rows of three, one for each pixel.</param>
/// <param name="Mask">[pixel of an image], float32, 1 keeps; null for whole faces.</param>
/// <param name="Y">Dense rows of three, float32.</param>
internal sealed record FacePixelsOperation(LaunchMatrix Pixels, LaunchBuffer? Mask, LaunchMatrix Y) : LaunchOperation
{
    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Reads => Present(Pixels.Buffer, Mask);

    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Writes => [Y.Buffer];
}
