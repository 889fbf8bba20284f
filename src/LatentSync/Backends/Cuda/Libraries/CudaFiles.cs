namespace LatentSync.Backends.Cuda.Libraries;

/// <summary>Where the libraries of one release are; null for those that were not found.</summary>
/// <param name="Nvrtc">The compiler.</param>
/// <param name="CublasLt">Products.</param>
/// <param name="Cudnn">Convolutions and attention.</param>
internal sealed record CudaFiles(string? Nvrtc, string? CublasLt, string? Cudnn)
{
    /// <summary>How many there are.</summary>
    public int Count => new[] { Nvrtc, CublasLt, Cudnn }.Count(path => path is not null);

    /// <summary>The first ones of some places; a cuDNN that is known to belong to the release before one of which nothing is known.</summary>
    public static CudaFiles In(CudaRelease release, IReadOnlyList<CudaPlace> places)
    {
        return new CudaFiles(
            First(place => place.Find(release.Nvrtc)),
            First(place => place.Find(release.CublasLt)),
            First(place => place.FindCudnn(release, isKnown: true)) ?? First(place => place.FindCudnn(release, isKnown: false))
        );

        string? First(Func<CudaPlace, string?> find) => places.Select(find).FirstOrDefault(path => path is not null);
    }

    /// <summary>These, and others for those that are missing.</summary>
    public CudaFiles Or(CudaFiles others) => new(Nvrtc ?? others.Nvrtc, CublasLt ?? others.CublasLt, Cudnn ?? others.Cudnn);
}
