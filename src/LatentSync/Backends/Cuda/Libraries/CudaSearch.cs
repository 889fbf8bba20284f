using LatentSync.Files;

namespace LatentSync.Backends.Cuda.Libraries;

/// <summary>Where libraries are looked for, in this order; docs/gpu.md says the same to users.</summary>
/// <param name="environment">Reads a variable of the environment.</param>
/// <param name="programFolders">The folder of this program, then those of its native libraries.</param>
/// <param name="systemRoot">The root of the file system; a test's folder in tests.</param>
/// <param name="askLoader">Finds a library by bare name as the system does.</param>
internal sealed class CudaSearch(Func<string, string?> environment, IReadOnlyList<string> programFolders, string systemRoot, Func<string, string?> askLoader)
{
    /// <summary>Names the provider's file; nothing else is taken then.</summary>
    public const string ProviderVariable = "LATENTSYNC_CUDA_PROVIDER";

    /// <summary>Names a folder with CUDA or cuDNN, taken before all others.</summary>
    public const string HomeVariable = "LATENTSYNC_CUDA_HOME";

    private static readonly string[] LibraryFolders = OperatingSystem.IsWindows()
        ? ["", "bin", Path.Combine("bin", "x64"), Path.Combine("bin", "x86_64")]
        : ["", "lib64", "lib", Path.Combine("targets", "x86_64-linux", "lib")];

    /// <summary>Of this process.</summary>
    public static CudaSearch OfThisProcess() =>
        new(
            Environment.GetEnvironmentVariable,
            [AppContext.BaseDirectory, .. NativeFolders()],
            Path.GetPathRoot(AppContext.BaseDirectory) ?? "/",
            SystemLoader.Find
        );

    /// <summary><c>cuda</c> in the <see cref="UserFolder"/>, where the commands of <see cref="CudaAdvice"/> install.</summary>
    public string CudaFolder => Path.Combine(UserFolder.Find(environment), "cuda");

    /// <summary>The file <see cref="ProviderVariable"/> names; null if it is not set.</summary>
    public string? NamedProvider => environment(ProviderVariable) is { Length: > 0 } named ? Path.GetFullPath(named) : null;

    /// <summary>Where <see cref="CudaProvider"/> installs: a folder of its version, so that a newer program never takes an older provider.</summary>
    public string ProviderFolder(string version) => Path.Combine(CudaFolder, $"onnxruntime-{version}");

    /// <summary>The provider: the file named in the environment, else beside the program or its native libraries, else installed for this user.</summary>
    public string? FindProvider() =>
        NamedProvider is { } named
            ? File.Exists(named)
                ? named
                : null
            : FirstWith(CudaFiles.Provider, [.. programFolders, ProviderFolder(CudaProvider.Version)]);

    /// <summary>The provider's bridge. ONNX Runtime loads it from its own folder, so the one beside the provider is of no use.</summary>
    public string? FindBridge() => FirstWith(CudaFiles.Bridge, programFolders);

    /// <summary>The driver's library, which only the system or WSL provides.</summary>
    public string? FindDriver() => askLoader(CudaFiles.Driver) ?? FirstWith(CudaFiles.Driver, [Rooted("usr", "lib", "wsl", "lib")]);

    /// <summary>A library of CUDA or cuDNN.</summary>
    public string? FindToolkit(string fileName) =>
        FirstWith(fileName, NamedFolders(HomeVariable)) ?? askLoader(fileName) ?? FirstWith(fileName, KnownFolders());

    private IEnumerable<string> KnownFolders() =>
        [
            .. NamedFolders("CUDA_HOME"),
            .. NamedFolders("CUDA_PATH"),
            .. Folders(Rooted("usr", "local"), "cuda*").Reverse().SelectMany(In),
            .. PythonPackages().SelectMany(packages => Folders(Path.Combine(packages, "nvidia"), "*")).SelectMany(In),
            .. Environments().SelectMany(In),
            .. In(CudaFolder),
            .. Folders(Path.Combine(CudaFolder, "nvidia"), "*").SelectMany(In),
        ];

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

    private IEnumerable<string> Environments() =>
        new[] { environment("VIRTUAL_ENV"), environment("CONDA_PREFIX") }.OfType<string>().Where(Path.IsPathFullyQualified);

    /// <summary>Relative folders are left out: what they mean depends on the current folder, where a stranger's file may lie.</summary>
    private IEnumerable<string> NamedFolders(string variable) =>
        environment(variable) is { } folder && Path.IsPathFullyQualified(folder)
            ? [.. In(folder), .. Folders(Path.Combine(folder, "nvidia"), "*").SelectMany(In)]
            : [];

    private static IEnumerable<string> In(string folder) => LibraryFolders.Select(library => Path.Combine(folder, library));

    private string Rooted(params ReadOnlySpan<string> parts) => Path.Combine([systemRoot, .. parts]);

    /// <summary>
    /// Where the runtime takes native libraries from: runtimes/RID/native of a program for several systems, NuGet's folders
    /// during development.
    /// </summary>
    private static string[] NativeFolders() =>
        (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string)?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static string? FirstWith(string fileName, IEnumerable<string> folders) =>
        folders.Select(folder => Path.Combine(folder, fileName)).FirstOrDefault(File.Exists);

    /// <summary>Subfolders by pattern, in order of their names; none where the folder is missing or closed to this user.</summary>
    private static IEnumerable<string> Folders(string folder, string pattern) =>
        Directory.Exists(folder)
            ? Directory.EnumerateDirectories(folder, pattern, new EnumerationOptions { IgnoreInaccessible = true }).Order(StringComparer.Ordinal)
            : [];
}
