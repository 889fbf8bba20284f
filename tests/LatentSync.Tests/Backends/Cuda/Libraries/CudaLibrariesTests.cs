using System.Runtime.InteropServices;
using LatentSync.Backends.Cuda.Libraries;
using LatentSync.TestKit;

namespace LatentSync.Tests.Backends.Cuda.Libraries;

/// <summary>The list of what was found, and the order in which it is loaded.</summary>
public sealed class CudaLibrariesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HashSet<string> _present;

    public CudaLibrariesTests()
    {
        Assert.SkipUnless(CudaFiles.Supported && OperatingSystem.IsLinux(), "These are the names of Linux on x64.");
        _present =
        [
            "libcuda.so.1",
            "libcudart.so.13",
            "libcublasLt.so.13",
            "libcublas.so.13",
            "libcurand.so.10",
            "libcufft.so.12",
            "libnvrtc.so.13",
            "libcudnn.so.9",
            "libonnxruntime_providers_shared.so",
            "libonnxruntime_providers_cuda.so",
        ];
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Everything_IsLoadedInOrderButWhatOnnxRuntimeLoads()
    {
        var found = Find();
        List<string> loaded = [];
        Assert.True(found.Complete);
        Assert.Equal(_folder.File("libonnxruntime_providers_cuda.so"), found.ProviderPath);
        Assert.Equal(found.ProviderPath, found.Load(path => Add(loaded, path)));
        Assert.Equal(
            ["libcuda.so.1", "libcudart.so.13", "libcublasLt.so.13", "libcublas.so.13", "libcurand.so.10", "libcufft.so.12", "libnvrtc.so.13", "libcudnn.so.9"],
            loaded.Select(path => Path.GetFileName(path))
        );
    }

    [Theory]
    [InlineData("libcufft.so.12")]
    [InlineData("libnvrtc.so.13")]
    public void RareLibrary_MayBeMissing(string file)
    {
        _present.Remove(file);
        Assert.True(Find().Complete);
        Assert.NotNull(Find().Load(_ => 1));
    }

    [Theory]
    [InlineData(
        "libcuda.so.1",
        LipSyncErrorCode.DeviceUnavailable,
        "NVIDIA driver (libcuda.so.1) was not found, so the GPU cannot be used; install NVIDIA's driver 580 or newer"
    )]
    [InlineData(
        "libcurand.so.10",
        LipSyncErrorCode.MissingDependency,
        "CUDA 13 (libcurand.so.10) was not found, so the GPU cannot be used; run: python3 -m pip install --target "
    )]
    [InlineData(
        "libcudnn.so.9",
        LipSyncErrorCode.MissingDependency,
        "cuDNN 9 (libcudnn.so.9) was not found, so the GPU cannot be used; run: python3 -m pip install --target "
    )]
    [InlineData(
        "libonnxruntime_providers_shared.so",
        LipSyncErrorCode.MissingDependency,
        "CUDA provider (libonnxruntime_providers_shared.so) was not found, so the GPU cannot be used; build or install the program again"
    )]
    [InlineData(
        "libonnxruntime_providers_cuda.so",
        LipSyncErrorCode.MissingDependency,
        "CUDA provider (libonnxruntime_providers_cuda.so) was not found, so the GPU cannot be used; run: latentsync gpu install"
    )]
    public void MissingLibrary_IsNamedWithTheCommand(string file, LipSyncErrorCode code, string start)
    {
        _present.Remove(file);
        var found = Find();
        Assert.False(found.Complete);
        var error = Assert.Throws<LipSyncException>(() => found.Load(_ => throw new InvalidOperationException("Nothing is to be loaded.")));
        Assert.Equal(code, error.Code);
        Assert.StartsWith(start, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LibraryThatIsNone_IsNamedWithTheReasonOfTheLoader()
    {
        var damaged = _folder.File("libcudart.so.13");
        await File.WriteAllTextAsync(damaged, new string('x', 4096), TestContext.Current.CancellationToken);
        var error = Assert.Throws<LipSyncException>(() => Find().Load(path => path == damaged ? NativeLibrary.Load(path) : 1));
        Assert.Equal(LipSyncErrorCode.MissingDependency, error.Code);
        Assert.Equal(damaged, error.Path);
        Assert.StartsWith(
            $"CUDA 13 in \"{damaged}\" cannot be loaded ({damaged}: invalid ELF header), so the GPU cannot be used; run: ",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void RareLibraryThatIsDamaged_DoesNotStopTheRest()
    {
        List<string> loaded = [];
        Find().Load(path => path.Contains("cufft", StringComparison.Ordinal) ? throw new DllNotFoundException("bad") : Add(loaded, path));
        Assert.Equal(7, loaded.Count);
    }

    private CudaLibraries Find() =>
        CudaLibraries.Find(
            new CudaSearch(
                name =>
                    name == "LATENTSYNC_CUDA_PROVIDER" && _present.Contains("libonnxruntime_providers_cuda.so") ? Touch("libonnxruntime_providers_cuda.so")
                    : name == "LATENTSYNC_HOME" ? _folder.File("home")
                    : null,
                [
                    Path.GetDirectoryName(
                        _present.Contains("libonnxruntime_providers_shared.so") ? Touch("libonnxruntime_providers_shared.so") : _folder.File("none/")
                    )!,
                ],
                _folder.Path,
                name => _present.Contains(name) ? _folder.File(name) : null
            )
        );

    private string Touch(string name)
    {
        File.WriteAllText(_folder.File(name), "a library");
        return _folder.File(name);
    }

    private static nint Add(List<string> list, string path)
    {
        list.Add(path);
        return list.Count;
    }
}
