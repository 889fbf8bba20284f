namespace LatentSync.Backends.Cuda.Libraries;

/// <summary>A place where CUDA's libraries may be: folders whose content was installed together.</summary>
/// <param name="Folders">Where files are looked for, in this order.</param>
/// <param name="Packages">The folder into which pip may have installed them; null for the system's folders, which anything may be in.</param>
/// <param name="IsNamed">Whether the user named it for this program.</param>
internal sealed record CudaPlace(IReadOnlyList<string> Folders, string? Packages, bool IsNamed = false)
{
    /// <summary>The first file of a name; null if there is none.</summary>
    public string? Find(string fileName) => FindAll(fileName).FirstOrDefault();

    /// <summary>A cuDNN that is known to be built for a release, or one of which nothing is known.</summary>
    public string? FindCudnn(CudaRelease release, bool isKnown) =>
        FindAll(release.Cudnn).FirstOrDefault(path => IsBuiltFor(path, release) == (isKnown ? true : null));

    private IEnumerable<string> FindAll(string fileName) => Folders.Select(folder => Path.Combine(folder, fileName)).Where(File.Exists);

    /// <summary>
    /// Whether a cuDNN belongs to a release; null if nobody tells. Its name does not say it, and loading it to ask would be for
    /// good. So its neighbours decide: cuBLASLt in the same folder, what pip noted, cuBLASLt in the same place.
    /// </summary>
    private bool? IsBuiltFor(string cudnn, CudaRelease release)
    {
        if (Packages is null)
        {
            return null;
        }

        var releases = CudaRelease.All(release.IsWindows);
        var beside = new CudaPlace([Path.GetDirectoryName(cudnn)!], Packages: null);
        IEnumerable<CudaRelease>[] signs =
        [
            releases.Where(other => beside.Find(other.CublasLt) is not null),
            releases.Where(other => HasNote(other, Packages)),
            releases.Where(other => Find(other.CublasLt) is not null),
        ];

        // Where two releases have left the same sign, the next one down is no better.
        return signs.Select(sign => sign.ToList()).FirstOrDefault(sign => sign.Count > 0) switch
        {
            null => null,
            { Count: > 1 } => null,
            var only => only[0] == release,
        };
    }

    private static bool HasNote(CudaRelease release, string packages) =>
        Directory.Exists(packages)
        && Directory.EnumerateDirectories(packages, Invariant($"nvidia_cudnn_cu{release.Major}-*.dist-info"), CudaSearch.Accessible).Any();
}
