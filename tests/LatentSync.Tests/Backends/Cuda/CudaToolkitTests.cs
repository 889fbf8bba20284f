using LatentSync.Backends.Cuda.Bindings;
using LatentSync.Backends.Cuda.Libraries;
using LatentSync.Tests.Backends.Cuda.Libraries;

namespace LatentSync.Tests.Backends.Cuda;

/// <summary>Loading what was found.</summary>
public sealed class CudaToolkitTests : IDisposable
{
    private const int Driver = 13000;
    private readonly FakeMachine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void MissingLibrary_IsNamedBeforeAnyIsLoaded()
    {
        _machine.Put("usr/lib64", "libnvrtc.so.13", "libcublasLt.so.13");
        var error = Assert.Throws<LipSyncException>(() => CudaToolkit.Load(_machine.Find(Driver)));
        Assert.Contains("libcudnn.so.9", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LibraryThatIsNone_IsNamedWithTheReasonOfTheLoader()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "These are the words of Linux.");
        _machine.Put("usr/lib64", "libnvrtc.so.13", "libcudnn.so.9");
        var damaged = _machine.Write("usr/lib64/libcublasLt.so.13", new string('x', 4096));
        var error = Assert.Throws<LipSyncException>(() => CudaToolkit.Load(_machine.Find(Driver)));
        Assert.Equal(LipSyncErrorCode.MissingDependency, error.Code);
        Assert.Equal(damaged, error.Path);
        Assert.StartsWith(
            $"cuBLASLt in \"{damaged}\" cannot be loaded ({damaged}: invalid ELF header), so the GPU cannot be used; install it again, or use ",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData(12080, true)]
    [InlineData(13000, false)]
    public void CudnnOfAnotherRelease_IsRefused(int builtFor, bool isRefused)
    {
        _machine.Put("usr/lib64", "libnvrtc.so.13", "libcublasLt.so.13", "libcudnn.so.9");
        var error = Record.Exception(() => CudaToolkit.RequireSameRelease(_machine.Find(Driver), builtFor)) as LipSyncException;
        Assert.Equal(isRefused, error is not null);
        Assert.Equal(isRefused ? LipSyncErrorCode.MissingDependency : null, error?.Code);
        Assert.StartsWith(
            isRefused ? $"cuDNN 9 in \"{_machine.File("usr/lib64/libcudnn.so.9")}\" was built for CUDA 12, not CUDA 13; run: python3 -m pip install " : "",
            error?.Message ?? "",
            StringComparison.Ordinal
        );
    }

    /// <summary>NVRTC and cuDNN open these by bare names, which only works for what is loaded.</summary>
    [Fact]
    public void FilesBesideALibrary_AreThoseOfItsRelease()
    {
        _machine.Put(
            "usr/lib64",
            "libnvrtc.so.13",
            "libnvrtc-builtins.so.12.4",
            "libnvrtc-builtins.so.13.0",
            "libnvrtc-builtins.alt.so.13.0",
            "libcudnn_graph.so.9",
            "libcudnn_adv.so.9"
        );
        var release = new CudaRelease(13, IsWindows: false);
        string[] found =
        [
            .. CudaToolkit
                .Beside(_machine.File("usr/lib64/libnvrtc.so.13"), [release.NvrtcBuiltins, .. release.CudnnParts])
                .Select(path => Path.GetFileName(path)),
        ];
        Assert.Equal(["libnvrtc-builtins.so.13.0", "libcudnn_graph.so.9"], found);
    }

    [Fact]
    public void FilesBesideTheTargetOfALink_AreFoundToo()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a permission there.");
        var real = _machine.Put("cache/libcudnn.so.9.19.0");
        var graph = _machine.Put("cache/libcudnn_graph.so.9");
        var link = _machine.File("usr/lib64/libcudnn.so.9");
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        File.CreateSymbolicLink(link, real);
        Assert.Equal([graph], CudaToolkit.Beside(link, new CudaRelease(13, IsWindows: false).CudnnParts));
    }
}
