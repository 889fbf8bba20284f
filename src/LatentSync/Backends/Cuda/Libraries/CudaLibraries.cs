using System.Runtime.InteropServices;

namespace LatentSync.Backends.Cuda.Libraries;

/// <summary>
/// What ONNX Runtime's CUDA provider needs. Loading these libraries by their paths before the provider means that nobody
/// has to set LD_LIBRARY_PATH: the loader takes a library that is in the process already when another asks for its name.
/// </summary>
/// <param name="Parts">Each library, in the order of loading; driver first, provider last.</param>
internal sealed record CudaLibraries(IReadOnlyList<CudaPart> Parts)
{
    /// <summary>Whether nothing is missing that is required.</summary>
    public bool Complete => Parts.All(part => part is { Required: false } or { Path: not null });

    /// <summary>The file for ONNX Runtime's RegisterExecutionProviderLibrary; null if it was not found.</summary>
    public string? ProviderPath => Parts.First(part => part.FileName == CudaFiles.Provider).Path;

    /// <summary>Looks for everything, for this process.</summary>
    public static CudaLibraries Find() => Find(CudaSearch.OfThisProcess());

    /// <summary>Looks for everything; throws for nothing that is missing.</summary>
    public static CudaLibraries Find(CudaSearch search)
    {
        var provider = CudaFiles.Supported ? search.FindProvider() : null;
        var providerAdvice =
            !CudaFiles.Supported ? CudaAdvice.Unsupported
            : search.NamedProvider is { } named
                ? (FormattableString)$"{CudaSearch.ProviderVariable} names \"{named}\", where there is no file: correct the variable or unset it"
            : CudaAdvice.Provider;
        var toolkitAdvice = CudaAdvice.Toolkit(search.CudaFolder);
        return new CudaLibraries([
            new CudaPart("NVIDIA driver", CudaFiles.Driver, Required: true, search.FindDriver(), CudaAdvice.Driver),
            .. CudaFiles.Toolkit.Select(part => new CudaPart(part.Name, part.FileName, part.Required, search.FindToolkit(part.FileName), toolkitAdvice)),
            new CudaPart("CUDA provider", CudaFiles.Bridge, Required: true, search.FindBridge(), CudaAdvice.Bridge),
            new CudaPart("CUDA provider", CudaFiles.Provider, Required: true, provider, providerAdvice),
        ]);
    }

    /// <summary>Loads everything but the bridge and the provider, which ONNX Runtime loads itself; they stay loaded until the process ends.</summary>
    /// <returns>The provider's path.</returns>
    /// <exception cref="LipSyncException">
    /// The first part that is missing or cannot be loaded: <see cref="LipSyncErrorCode.DeviceUnavailable"/> for the driver,
    /// <see cref="LipSyncErrorCode.MissingDependency"/> for the others.
    /// </exception>
    public string Load() => Load(NativeLibrary.Load);

    /// <summary>The same with another loader, for tests.</summary>
    /// <param name="load">
    /// Loads the library of a path; throws <see cref="DllNotFoundException"/> or <see cref="BadImageFormatException"/> with the
    /// reason.
    /// </param>
    internal string Load(Func<string, nint> load)
    {
        if (Parts.FirstOrDefault(part => part is { Required: true, Path: null }) is { } missing)
        {
            throw Unusable(
                missing,
                $"{missing.Name} ({missing.FileName}) was not found, so the GPU cannot be used; {missing.Advice}, or use {OptionReference.Cpu}."
            );
        }

        foreach (var part in Parts.Where(part => part.Path is not null && part.FileName != CudaFiles.Bridge && part.FileName != CudaFiles.Provider))
        {
            try
            {
                load(part.Path!);
            }
            catch (Exception error) when (error is DllNotFoundException or BadImageFormatException && part.Required)
            {
                var reason = Reason(error);
                throw Unusable(
                    part,
                    $"{part.Name} in \"{part.Path}\" cannot be loaded ({reason}), so the GPU cannot be used; {part.Advice}, or use {OptionReference.Cpu}.",
                    error
                );
            }
            catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
            {
                // Optional: an operator that needs it will say so, and none of ours does.
            }
        }

        return ProviderPath!;
    }

    private static LipSyncException Unusable(CudaPart part, FormattableString message, Exception? cause = null) =>
        new(part.FileName == CudaFiles.Driver ? LipSyncErrorCode.DeviceUnavailable : LipSyncErrorCode.MissingDependency, message, cause) { Path = part.Path };

    /// <summary>.NET's message has an advice on many lines around the loader's own words, which come last.</summary>
    private static string Reason(Exception error) =>
        error.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault()?.TrimEnd('.') ?? error.GetType().Name;
}
