using System.Runtime.InteropServices;
using LatentSync.Files;

namespace LatentSync.Backends.Cuda.Libraries;

/// <summary>Where libraries are looked for, in this order; docs/gpu.md says the same to users.</summary>
/// <param name="environment">Reads a variable of the environment.</param>
/// <param name="systemRoot">The root of the file system; a test's folder in tests.</param>
/// <param name="isWindows">Whether names and folders are those of Windows; else of Linux.</param>
internal sealed class CudaSearch(Func<string, string?> environment, string systemRoot, bool isWindows)
{
    /// <summary>Names a folder with CUDA or cuDNN, taken before all others.</summary>
    public const string HomeVariable = "LATENTSYNC_CUDA_HOME";

    /// <summary>A list of site-packages folders: those of a host in Python whose PyTorch has brought CUDA.</summary>
    public const string PackagesVariable = "LATENTSYNC_PYTHON_PACKAGES";

    /// <summary>Leaves out folders that are closed to this user.</summary>
    public static readonly EnumerationOptions Accessible = new() { IgnoreInaccessible = true };

    private readonly string[] _libraryFolders = isWindows
        ? ["", "bin", Path.Combine("bin", "x64"), Path.Combine("bin", "x86_64"), Path.Combine("Library", "bin")]
        : ["", "lib64", "lib", Path.Combine("targets", RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "sbsa-linux" : "x86_64-linux", "lib")];

    /// <summary>Of this process.</summary>
    public static CudaSearch OfThisProcess() =>
        new(Environment.GetEnvironmentVariable, Path.GetPathRoot(AppContext.BaseDirectory) ?? "/", OperatingSystem.IsWindows());

    /// <summary>The releases whose names are looked for, the newest first.</summary>
    public IReadOnlyList<CudaRelease> Releases => CudaRelease.All(isWindows);

    /// <summary><c>cuda</c> in the <see cref="UserFolder"/>, where the commands of <see cref="CudaAdvice"/> install.</summary>
    public string CudaFolder => Path.Combine(UserFolder.Find(environment), "cuda");

    /// <summary>The places for CUDA and cuDNN.</summary>
    public IReadOnlyList<CudaPlace> Places() =>
        [
            .. Named(HomeVariable).Select(folder => Toolkit(folder) with { IsNamed = true }),
            // Before what is there already: whoever follows an advice because that does not do wants this to be used.
            Toolkit(CudaFolder),
            .. List(PackagesVariable).Select(Python),
            new CudaPlace(SystemFolders(), Packages: null),
            .. Named("CUDA_HOME").Concat(Named("CUDA_PATH")).Select(Toolkit),
            .. Folders(Rooted("usr", "local"), "cuda*").Reverse().Select(Toolkit),
            .. PythonPackages().Select(Python),
            .. Environments().Select(Toolkit),
        ];

    /// <summary>A toolkit's folder, or one that pip has installed into.</summary>
    private CudaPlace Toolkit(string folder) => new([.. In(folder), .. Wheels(folder)], folder);

    /// <summary>NVIDIA's packages and PyTorch's own folder, which has them on Windows.</summary>
    private CudaPlace Python(string packages) => new([.. Wheels(packages), Path.Combine(packages, "torch", "lib")], packages);

    private IEnumerable<string> Wheels(string packages) => Folders(Path.Combine(packages, "nvidia"), "*").SelectMany(In);

    /// <summary>Where the system's loader looks. It is not asked, because it tells by loading, which cannot be undone.</summary>
    private List<string> SystemFolders() => isWindows ? [.. List("PATH")] : [.. List("LD_LIBRARY_PATH"), .. new LoaderFolders(systemRoot).Read()];

    /// <summary>The folders into which pip installs.</summary>
    private IEnumerable<string> PythonPackages()
    {
        string[] roots = [.. Environments(), Path.Combine(environment("HOME") ?? "", ".local"), Rooted("usr", "local"), Rooted("usr")];
        return roots
            .Where(Path.IsPathFullyQualified)
            .SelectMany(root =>
                (string[])
                    [
                        Path.Combine(root, "Lib", "site-packages"),
                        .. Folders(Path.Combine(root, "lib"), "python3*")
                            .SelectMany(python => (string[])[Path.Combine(python, "site-packages"), Path.Combine(python, "dist-packages")]),
                    ]
            );
    }

    private IEnumerable<string> Environments() => Named("VIRTUAL_ENV").Concat(Named("CONDA_PREFIX"));

    /// <summary>Relative folders are left out: what they mean depends on the current folder, where a stranger's file may lie.</summary>
    private IEnumerable<string> Named(string variable) => environment(variable) is { } folder && Path.IsPathFullyQualified(folder) ? [folder] : [];

    private IEnumerable<string> List(string variable) =>
        (environment(variable) ?? "").Split(isWindows ? ';' : ':', StringSplitOptions.RemoveEmptyEntries).Where(Path.IsPathFullyQualified);

    private IEnumerable<string> In(string folder) => _libraryFolders.Select(library => Path.Combine(folder, library));

    private string Rooted(params ReadOnlySpan<string> parts) => Path.Combine([systemRoot, .. parts]);

    /// <summary>Subfolders by pattern, in order of their names; none where the folder is missing or closed to this user.</summary>
    private static IEnumerable<string> Folders(string folder, string pattern) =>
        Directory.Exists(folder) ? Directory.EnumerateDirectories(folder, pattern, Accessible).Order(StringComparer.Ordinal) : [];
}
