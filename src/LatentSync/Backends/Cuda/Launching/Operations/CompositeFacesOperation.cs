using LatentSync.Backends.Cuda.Launching.Lists;

namespace LatentSync.Backends.Cuda.Launching.Operations;

/// <summary>Puts the kept region of faces over the generated ones: y = g + mask (face - g), channels first.</summary>
/// <param name="Generated">g: dense rows of three, float32, one for each pixel.</param>
/// <param name="Pixels">The faces: 8-bit rows of three.</param>
/// <param name="Mask">[pixel of an image], float32, 1 keeps.</param>
/// <param name="Faces">y: [image * 3, pixel of an image], float32.</param>
internal sealed record CompositeFacesOperation(LaunchMatrix Generated, LaunchMatrix Pixels, LaunchBuffer Mask, LaunchMatrix Faces) : LaunchOperation
{
    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Reads => [Generated.Buffer, Pixels.Buffer, Mask];

    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Writes => [Faces.Buffer];
}
