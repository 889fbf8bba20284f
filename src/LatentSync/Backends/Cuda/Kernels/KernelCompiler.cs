using System.Security.Cryptography;
using System.Text;
using LatentSync.Backends.Cuda.Bindings;
using LatentSync.Backends.Cuda.Memory;

namespace LatentSync.Backends.Cuda.Kernels;

/// <summary>
/// Compiles the kernels for one card and number format, or takes them from the user's cache. A cubin is kept under a name
/// that follows from all that it depends on: source, compiler, architecture and options.
/// </summary>
/// <param name="nvrtc">The compiler.</param>
/// <param name="capability">The card's compute capability.</param>
/// <param name="cacheFolder">Where cubins are kept.</param>
internal sealed class KernelCompiler(Nvrtc nvrtc, (int Major, int Minor) capability, string cacheFolder)
{
    private const int Ten = 10;

    /// <summary>How many sources had to be compiled, the others were there.</summary>
    public int CompiledCount { get; private set; }

    /// <summary>The machine code of a source.</summary>
    /// <exception cref="LipSyncException">The compiler does not know the card, or refuses the source.</exception>
    public byte[] Compile(string file, DeviceDataType type)
    {
        var (source, version) = (KernelSource.Read(file), nvrtc.Version);
        List<(string Name, string Text)> headers = [.. KernelSource.Headers.Select(header => (header, KernelSource.Read(header)))];

        // What only one generation has is asked for by a letter.
        var letter = KernelSource.HopperFiles.Contains(file, StringComparer.Ordinal) ? "a" : string.Empty;
        string[] options =
        [
            Invariant($"--gpu-architecture=sm_{Architecture()}{letter}"),
            "--std=c++17",
            Invariant($"-DTYPE={type.ToString().ToUpperInvariant()}"),
        ];
        var key = Invariant(
            $"{source}\0{string.Join("\0", headers.Select(header => header.Text))}\0{string.Join(' ', options)}\0{version.Major}.{version.Minor}"
        );
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..32];
        var path = Path.Combine(cacheFolder, $"{Path.GetFileNameWithoutExtension(file)}-{name}.cubin");
        if (File.Exists(path))
        {
            return File.ReadAllBytes(path);
        }

        var cubin = nvrtc.Compile(file, source, headers, options);
        CompiledCount++;
        CacheFile.Write(path, cubin);
        return cubin;
    }

    /// <summary>The newest architecture that the compiler knows and whose machine code the card runs: of the same major version, not newer.</summary>
    private int Architecture()
    {
        var card = (capability.Major * Ten) + capability.Minor;
        var known = nvrtc.Architectures.Where(architecture => architecture <= card && architecture / Ten == capability.Major).DefaultIfEmpty().Max();
        var release = Invariant($"{nvrtc.Version.Major}.{nvrtc.Version.Minor}");
        var has = Invariant($"{capability.Major}.{capability.Minor}");
        var highest = nvrtc.Architectures.Max();
        var newest = Invariant($"{highest / Ten}.{highest % Ten}");
        return known > 0
            ? known
            : throw new LipSyncException(
                LipSyncErrorCode.DeviceUnavailable,
                $"CUDA {release} knows cards up to compute capability {newest}, but this one has {has}; install a newer CUDA, or use {OptionReference.Cpu}."
            );
    }
}
