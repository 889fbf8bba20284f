using LatentSync.Backends.Cuda.Libraries;

namespace LatentSync.Tests.Backends.Cuda.Libraries;

/// <summary>Which release of CUDA is chosen, and from where, on machines of many kinds.</summary>
public sealed class CudaLibrariesTests : IDisposable
{
    private const int Driver12 = 12040;
    private const int Driver13 = 13000;
    private const string Packages = "venv/lib/python3.12/site-packages";

    private readonly FakeMachine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void SystemWithCuda12()
    {
        PutToolkit("usr/local/cuda-12.4/lib64", 12);
        _machine.Put("usr/lib64/libcudnn.so.9");
        Check(_machine.Find(Driver12), 12, "usr/local/cuda-12.4/lib64", "usr/lib64");
    }

    [Fact]
    public void SystemWithCuda13()
    {
        _machine.Write("etc/ld.so.conf", "/usr/local/cuda-13.0/targets/x86_64-linux/lib\n/usr/lib/x86_64-linux-gnu\n");
        PutToolkit("usr/local/cuda-13.0/targets/x86_64-linux/lib", 13);
        _machine.Put("usr/lib/x86_64-linux-gnu/libcudnn.so.9");
        Check(_machine.Find(Driver13), 13, "usr/local/cuda-13.0/targets/x86_64-linux/lib", "usr/lib/x86_64-linux-gnu");
    }

    [Theory]
    [InlineData(Driver12)]
    [InlineData(Driver13)]
    public void PipWithCuda12_ServesBothDrivers(int driver)
    {
        PutPip12(Packages);
        _machine.Set("VIRTUAL_ENV=venv");
        var found = _machine.Find(driver);
        Assert.True(found.IsComplete);
        Assert.Equal(12, found.Release.Major);
        Assert.Equal(_machine.File(Packages + "/nvidia/cuda_nvrtc/lib/libnvrtc.so.12"), found.Nvrtc.Path);
        Assert.Equal(_machine.File(Packages + "/nvidia/cublas/lib/libcublasLt.so.12"), found.CublasLt.Path);
        Assert.Equal(_machine.File(Packages + "/nvidia/cudnn/lib/libcudnn.so.9"), found.Cudnn.Path);
    }

    [Fact]
    public void PipWithCuda13()
    {
        PutPip13(Packages);
        _machine.Set("VIRTUAL_ENV=venv");
        Check(_machine.Find(Driver13), 13, Packages + "/nvidia/cu13/lib", Packages + "/nvidia/cudnn/lib");
        Assert.False(_machine.Find(Driver12).IsComplete);
    }

    /// <summary>Both installed cuDNN into the same folder: pip's note says which of them is there.</summary>
    [Theory]
    [InlineData(12)]
    [InlineData(13)]
    public void BothInOnePython_ThatOfCudnnIsTaken(int major)
    {
        PutPip12(Packages);
        PutPip13(Packages);
        Directory.CreateDirectory(_machine.File(Invariant($"{Packages}/nvidia_cudnn_cu{major}-9.19.0.56.dist-info")));
        _machine.Set("VIRTUAL_ENV=venv");
        var found = _machine.Find(Driver13);
        Assert.Equal((major, true), (found.Release.Major, found.IsComplete));
    }

    [Fact]
    public void BothWithoutNotes_TheNewestThatTheDriverRunsIsTaken()
    {
        PutPip12(Packages);
        PutPip13(Packages);
        _machine.Set("VIRTUAL_ENV=venv");
        Assert.Equal(13, _machine.Find(Driver13).Release.Major);
        Assert.Equal(12, _machine.Find(Driver12).Release.Major);
    }

    /// <summary>PyTorch for Windows has everything in one folder, which is ComfyUI's portable Python here.</summary>
    [Fact]
    public void PyTorchOfWindows()
    {
        const string Portable = "portable/python_embeded/Lib/site-packages";
        _machine.IsWindows = true;
        _machine.Put(Portable + "/torch/lib", "nvrtc64_120_0.dll", "nvrtc-builtins64_128.dll", "cublasLt64_12.dll", "cudnn64_9.dll", "cudnn_graph64_9.dll");
        Assert.False(_machine.Find(Driver13).IsComplete);
        _machine.Set($"LATENTSYNC_PYTHON_PACKAGES={Portable}");
        var found = _machine.Find(Driver13);
        Assert.True(found.IsComplete);
        Assert.Equal(12, found.Release.Major);
        Assert.Equal(_machine.File(Portable + "/torch/lib/cudnn64_9.dll"), found.Cudnn.Path);
        Assert.StartsWith("run: py -m pip", found.Cudnn.Advice.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    /// <summary>What belongs together is taken, though the parts of another release are newer.</summary>
    [Fact]
    public void PackagesOfTheHost_ComeBeforeTheSystem()
    {
        PutToolkit("usr/local/cuda-13.0/lib64", 13);
        _machine.Put("usr/lib64/libcudnn.so.9");
        PutPip12("host/site-packages");
        Assert.Equal(13, _machine.Find(Driver13).Release.Major);
        _machine.Set("LATENTSYNC_PYTHON_PACKAGES=host/site-packages");
        Assert.Equal(12, _machine.Find(Driver13).Release.Major);
    }

    [Fact]
    public void NamedToolkit_ComesBeforeAWholeReleaseElsewhere()
    {
        PutPip13(Packages);
        _machine.Set("VIRTUAL_ENV=venv");
        PutToolkit("opt/cuda-12/lib64", 12);
        _machine.Put("usr/lib64/libcudnn.so.9");
        _machine.Set("LATENTSYNC_CUDA_HOME=opt/cuda-12");
        Check(_machine.Find(Driver13), 12, "opt/cuda-12/lib64", "usr/lib64");
    }

    /// <summary>Where cuDNN of the system turned out to be for another CUDA, the command in the error has to help.</summary>
    [Fact]
    public void WhatTheAdviceInstalls_ComesBeforeTheSystem()
    {
        PutToolkit("usr/lib64", 13);
        _machine.Put("usr/lib64/libcudnn.so.9");
        Check(_machine.Find(Driver13), 13, "usr/lib64", "usr/lib64");
        PutPip13("data/latentsync/cuda");
        Check(_machine.Find(Driver13), 13, "data/latentsync/cuda/nvidia/cu13/lib", "data/latentsync/cuda/nvidia/cudnn/lib");
    }

    [Fact]
    public void NamedCudnn_IsTakenWithTheToolkitOfTheSystem()
    {
        PutToolkit("usr/lib64", 13);
        _machine.Put("usr/lib64/libcudnn.so.9");
        _machine.Put("opt/cudnn/lib/libcudnn.so.9");
        _machine.Set("LATENTSYNC_CUDA_HOME=opt/cudnn");
        Check(_machine.Find(Driver13), 13, "usr/lib64", "opt/cudnn/lib");
    }

    /// <summary>A cuDNN whose neighbours say that it is of another release is as good as none.</summary>
    [Fact]
    public void CudnnOfAnotherRelease_IsNotTaken()
    {
        PutToolkit("usr/local/cuda-13.0/lib64", 13);
        _machine.Put(Packages + "/nvidia/cublas/lib/libcublasLt.so.12");
        _machine.Put(Packages + "/nvidia/cudnn/lib/libcudnn.so.9");
        _machine.Set("VIRTUAL_ENV=venv");
        var found = _machine.Find(Driver13);
        Assert.False(found.IsComplete);
        Assert.Null(found.Cudnn.Path);
        Assert.Equal("cuDNN 9 for CUDA 13", found.Cudnn.Name);

        _machine.Put(Packages + "/nvidia/cuda_nvrtc/lib/libnvrtc.so.12");
        Assert.Equal((12, true), (_machine.Find(Driver13).Release.Major, _machine.Find(Driver13).IsComplete));
    }

    [Fact]
    public void CudnnThatIsKnownToFit_ComesBeforeAnyOther()
    {
        PutToolkit("usr/local/cuda-13.0/lib64", 13);
        _machine.Put("usr/lib64/libcudnn.so.9");
        Directory.CreateDirectory(_machine.File(Packages + "/nvidia_cudnn_cu13-9.19.0.56.dist-info"));
        _machine.Put(Packages + "/nvidia/cudnn/lib/libcudnn.so.9");
        _machine.Set("VIRTUAL_ENV=venv");
        Check(_machine.Find(Driver13), 13, "usr/local/cuda-13.0/lib64", Packages + "/nvidia/cudnn/lib");
    }

    [Fact]
    public void OldCard_GetsTheReleaseThatKnowsIt()
    {
        PutPip13(Packages);
        _machine.Set("VIRTUAL_ENV=venv");
        _machine.Set("CONDA_PREFIX=conda");
        PutToolkit("conda/lib", 12);
        _machine.Put("conda/lib/libcudnn.so.9");
        Assert.Equal(13, _machine.Find(Driver13, (7, 5)).Release.Major);
        Assert.Equal(12, _machine.Find(Driver13, (7, 0)).Release.Major);
    }

    [Theory]
    [InlineData(12, 6, 1, "7.0")]
    [InlineData(13, 7, 0, "7.5")]
    public void CardThatIsTooOld_IsToldWhatIsNeeded(int release, int major, int minor, string needed)
    {
        var chosen = new CudaRelease(release, IsWindows: false);
        var error = Assert.Throws<LipSyncException>(() => chosen.Require("A card", (major, minor)));
        Assert.Equal(LipSyncErrorCode.DeviceUnavailable, error.Code);
        Assert.StartsWith(
            Invariant($"A card has compute capability {major}.{minor}, but CUDA {release} needs {needed} or newer; "),
            error.Message,
            StringComparison.Ordinal
        );
        chosen.Require("A card", chosen.OldestCapability);
    }

    [Theory]
    [InlineData(
        Driver13,
        "libnvrtc.so.13",
        "CUDA 13 (libnvrtc.so.13) was not found, so the GPU cannot be used; run: python3 -m pip install --target \"{0}\" "
            + "\"nvidia-cuda-nvrtc==13.*\" \"nvidia-cublas==13.*\" \"nvidia-cudnn-cu13==9.*\", or use "
    )]
    [InlineData(Driver13, "libcublasLt.so.13", "CUDA 13 (libcublasLt.so.13) was not found, so the GPU cannot be used; run: ")]
    [InlineData(Driver13, "libcudnn.so.9", "cuDNN 9 for CUDA 13 (libcudnn.so.9) was not found, so the GPU cannot be used; run: ")]
    [InlineData(
        Driver12,
        "libnvrtc.so.12",
        "CUDA 12 (libnvrtc.so.12) was not found, so the GPU cannot be used; run: python3 -m pip install --target \"{0}\" "
            + "\"nvidia-cuda-nvrtc-cu12\" \"nvidia-cublas-cu12\" \"nvidia-cudnn-cu12==9.*\", or use "
    )]
    public void MissingLibrary_IsNamedWithTheCommand(int driver, string file, string start)
    {
        PutToolkit("usr/lib64", driver / 1000);
        _machine.Put("usr/lib64/libcudnn.so.9");
        _machine.Find(driver).Require();
        File.Delete(_machine.File("usr/lib64/" + file));
        var error = Assert.Throws<LipSyncException>(() => _machine.Find(driver).Require());
        Assert.Equal(LipSyncErrorCode.MissingDependency, error.Code);
        Assert.StartsWith(start.Replace("{0}", _machine.File("data/latentsync/cuda"), StringComparison.Ordinal), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutDriver_ThatIsWhatIsSaid()
    {
        PutPip12(Packages);
        _machine.Set("VIRTUAL_ENV=venv");
        var found = _machine.Find(driver: null);
        Assert.False(found.IsComplete);
        var error = Assert.Throws<LipSyncException>(found.Require);
        Assert.Equal(LipSyncErrorCode.DeviceUnavailable, error.Code);
        Assert.StartsWith(
            $"NVIDIA driver ({DriverLibrary.FileName}) was not found, so the GPU cannot be used; install NVIDIA's driver 525 or newer",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void OldDriver_IsToldWhatToInstall()
    {
        PutPip12(Packages);
        _machine.Set("VIRTUAL_ENV=venv");
        var found = _machine.Find(driver: 11080);
        Assert.False(found.IsComplete);
        var error = Assert.Throws<LipSyncException>(found.Require);
        Assert.Equal(LipSyncErrorCode.DeviceUnavailable, error.Code);
        Assert.StartsWith("The NVIDIA driver is too old for CUDA 12 (it runs CUDA 11); install version 525 or newer", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Where only cuDNN is missing, that of the release that is there is what helps.</summary>
    [Fact]
    public void Advice_IsForTheReleaseThatIsNearlyThere()
    {
        PutToolkit("usr/local/cuda-12.4/lib64", 12);
        Assert.Equal("cuDNN 9 for CUDA 12", _machine.Find(Driver13).Cudnn.Name);
    }

    private static void Check(CudaLibraries found, int major, string folder, string cudnnFolder)
    {
        Assert.True(found.IsComplete);
        Assert.Equal(major, found.Release.Major);
        Assert.EndsWith(Invariant($"/{folder}/libnvrtc.so.{major}"), found.Nvrtc.Path, StringComparison.Ordinal);
        Assert.EndsWith(Invariant($"/{folder}/libcublasLt.so.{major}"), found.CublasLt.Path, StringComparison.Ordinal);
        Assert.EndsWith($"/{cudnnFolder}/libcudnn.so.9", found.Cudnn.Path, StringComparison.Ordinal);
    }

    private void PutToolkit(string folder, int major) => _machine.Put(folder, Invariant($"libnvrtc.so.{major}"), Invariant($"libcublasLt.so.{major}"));

    private void PutPip12(string packages)
    {
        _machine.Put(packages + "/nvidia/cuda_nvrtc/lib/libnvrtc.so.12");
        _machine.Put(packages + "/nvidia/cublas/lib/libcublasLt.so.12");
        _machine.Put(packages + "/nvidia/cudnn/lib/libcudnn.so.9");
    }

    private void PutPip13(string packages)
    {
        PutToolkit(packages + "/nvidia/cu13/lib", 13);
        _machine.Put(packages + "/nvidia/cudnn/lib/libcudnn.so.9");
    }
}
