namespace LatentSync.Backends.Cuda.Model;

/// <summary>Milliseconds of a device for one clip.</summary>
/// <param name="Encode">Faces to conditions.</param>
/// <param name="Denoise">All steps.</param>
/// <param name="Decode">Latents to faces.</param>
internal sealed record DeviceTimes(double Encode, double Denoise, double Decode)
{
    /// <summary>All of it.</summary>
    public double Total => Encode + Denoise + Decode;
}
