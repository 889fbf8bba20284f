using LatentSync.Backends.Cuda.Libraries;

namespace LatentSync.Backends.Cuda.Bindings;

/// <summary>The toolkit's libraries of one release of CUDA, loaded: NVRTC, cuBLASLt and cuDNN.</summary>
/// <param name="Nvrtc">The compiler.</param>
/// <param name="CublasLt">Products.</param>
/// <param name="Cudnn">Convolutions and attention.</param>
internal sealed record CudaToolkit(Nvrtc Nvrtc, CublasLt CublasLt, Cudnn Cudnn)
{
    /// <summary>
    /// Loads the libraries by their paths. Those that one of them opens by its bare name are loaded before it: the loader takes
    /// what is in the process already, so that nobody has to set LD_LIBRARY_PATH, and nothing of another version gets between
    /// them where somebody has.
    /// </summary>
    /// <exception cref="LipSyncException">One is missing, cannot be loaded, or belongs to another release.</exception>
    public static CudaToolkit Load(CudaLibraries libraries)
    {
        libraries.Require();
        var cublasLt = new CublasLt(libraries.CublasLt.Path!);
        var nvrtc = LoadCompiler(libraries);
        Preload(libraries.Cudnn, libraries.Release.CudnnParts);
        var cudnn = new Cudnn(libraries.Cudnn.Path!);
        RequireSameRelease(libraries, cudnn.CudaVersion);
        return new CudaToolkit(nvrtc, cublasLt, cudnn);
    }

    /// <summary>Loads the compiler alone, which must have been found.</summary>
    /// <exception cref="LipSyncException">It cannot be loaded.</exception>
    internal static Nvrtc LoadCompiler(CudaLibraries libraries)
    {
        Preload(libraries.Nvrtc, [libraries.Release.NvrtcBuiltins]);
        return new Nvrtc(libraries.Nvrtc.Path!);
    }

    /// <summary>Throws if cuDNN says that it was built for another release than the rest.</summary>
    /// <param name="libraries">What was loaded.</param>
    /// <param name="cudaVersion">What <see cref="Bindings.Cudnn.CudaVersion"/> says.</param>
    internal static void RequireSameRelease(CudaLibraries libraries, int cudaVersion)
    {
        var (release, part) = (libraries.Release, libraries.Cudnn);
        if (!release.Has(cudaVersion))
        {
            throw new LipSyncException(
                LipSyncErrorCode.MissingDependency,
                $"cuDNN 9 in \"{part.Path}\" was built for CUDA {cudaVersion / 1000}, not CUDA {release.Major}; {part.Advice}, or use {OptionReference.Cpu}."
            )
            {
                Path = part.Path,
            };
        }
    }

    /// <summary>Files in the folder of a library, in the order of their patterns; where there are none, in that of the file it is a link to.</summary>
    internal static IEnumerable<string> Beside(string path, IEnumerable<string> patterns)
    {
        string?[] paths = [path, File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName];
        string[] folders = [.. paths.OfType<string>().Select(file => Path.GetDirectoryName(file)!)];
        return patterns.SelectMany(pattern =>
            folders
                .Select(folder => Directory.EnumerateFiles(folder, pattern, CudaSearch.Accessible).Order(StringComparer.Ordinal).ToList())
                .FirstOrDefault(files => files.Count > 0)
            ?? []
        );
    }

    private static void Preload(CudaPart part, IEnumerable<string> patterns)
    {
        foreach (var file in Beside(part.Path!, patterns))
        {
            _ = new NativeFunctions(part.Name, file);
        }
    }
}
