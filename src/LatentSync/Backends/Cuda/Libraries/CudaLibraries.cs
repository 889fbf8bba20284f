namespace LatentSync.Backends.Cuda.Libraries;

/// <summary>
/// What a card needs beside this program: the driver, and NVRTC, cuBLASLt and cuDNN of one release of CUDA. None of them links
/// to CUDA's runtime library. A release that is whole in one place is taken before one from several places.
/// </summary>
/// <param name="Release">The release of CUDA that was chosen.</param>
/// <param name="Driver">The driver.</param>
/// <param name="Nvrtc">The compiler.</param>
/// <param name="CublasLt">Products.</param>
/// <param name="Cudnn">Convolutions and attention.</param>
internal sealed record CudaLibraries(CudaRelease Release, DriverLibrary Driver, CudaPart Nvrtc, CudaPart CublasLt, CudaPart Cudnn)
{
    /// <summary>Everything, the driver first.</summary>
    public IReadOnlyList<CudaPart> Parts => [new CudaPart("NVIDIA driver", DriverLibrary.FileName, Driver.Path, CudaAdvice.Driver), CublasLt, Nvrtc, Cudnn];

    /// <summary>Whether nothing is missing, and the driver runs it.</summary>
    public bool IsComplete => DriverRunsIt && Parts.All(part => part.Path is not null);

    private bool DriverRunsIt => Driver.Version is not { } version || Release.RunsOn(version);

    /// <summary>Looks for everything, for this process.</summary>
    public static CudaLibraries Find() => Find(CudaSearch.OfThisProcess(), DriverLibrary.Find(), capability: null);

    /// <summary>The same, of releases that can be used with a card.</summary>
    public static CudaLibraries FindFor((int Major, int Minor) capability) => Find(CudaSearch.OfThisProcess(), DriverLibrary.Find(), capability);

    /// <summary>Looks for everything; throws for nothing that is missing.</summary>
    /// <param name="search">Where.</param>
    /// <param name="driver">The driver; releases that it does not run are not taken.</param>
    /// <param name="capability">The card's compute capability, if there is a card already.</param>
    public static CudaLibraries Find(CudaSearch search, DriverLibrary driver, (int Major, int Minor)? capability)
    {
        var usable = search.Releases.Where(release =>
            (driver.Version is not { } version || release.RunsOn(version)) && (capability is not { } card || card.CompareTo(release.OldestCapability) >= 0)
        );
        var releases = usable.DefaultIfEmpty(search.Releases[^1]).ToList();
        var places = search.Places();
        List<CudaPlace> named = [.. places.Where(place => place.IsNamed)];
        var anywhere = releases.ToDictionary(release => release, release => CudaFiles.In(release, places));
        var best = places
            .SelectMany(place =>
                releases.Select(release => (Release: release, Place: place, Own: CudaFiles.In(release, named).Or(CudaFiles.In(release, [place]))))
            )
            .OrderByDescending(choice => choice.Own.Or(anywhere[choice.Release]).Count)
            .ThenByDescending(choice => choice.Place.IsNamed && choice.Own is { Nvrtc: not null, CublasLt: not null })
            .ThenByDescending(choice => choice.Own.Count)
            .First();
        var files = best.Own.Or(anywhere[best.Release]);
        var (chosen, name) = (best.Release, Invariant($"CUDA {best.Release.Major}"));
        var advice = CudaAdvice.Toolkit(chosen, search.CudaFolder);
        return new CudaLibraries(
            chosen,
            driver,
            new CudaPart(name, chosen.Nvrtc, files.Nvrtc, advice),
            new CudaPart(name, chosen.CublasLt, files.CublasLt, advice),
            new CudaPart($"cuDNN 9 for {name}", chosen.Cudnn, files.Cudnn, advice)
        );
    }

    /// <summary>Throws unless everything is there.</summary>
    /// <exception cref="LipSyncException">
    /// <see cref="LipSyncErrorCode.DeviceUnavailable"/>: there is no driver, or it is too old.
    /// <see cref="LipSyncErrorCode.MissingDependency"/>: the first other part that is missing.
    /// </exception>
    public void Require()
    {
        if (Driver.Path is not null && !DriverRunsIt)
        {
            throw Release.DriverTooOld(Invariant($"it runs CUDA {Driver.Version / 1000}"));
        }

        if (Parts.FirstOrDefault(part => part.Path is null) is { } missing)
        {
            throw new LipSyncException(
                missing.FileName == DriverLibrary.FileName ? LipSyncErrorCode.DeviceUnavailable : LipSyncErrorCode.MissingDependency,
                $"{missing.Name} ({missing.FileName}) was not found, so the GPU cannot be used; {missing.Advice}, or use {OptionReference.Cpu}."
            );
        }
    }
}
