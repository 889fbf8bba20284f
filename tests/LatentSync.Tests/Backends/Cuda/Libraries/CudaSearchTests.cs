using LatentSync.Backends.Cuda.Libraries;
using LatentSync.TestKit;

namespace LatentSync.Tests.Backends.Cuda.Libraries;

/// <summary>Where the provider and its libraries are found, in a folder that plays the whole file system.</summary>
public sealed class CudaSearchTests : IDisposable
{
    private const string Cudart = "libcudart.so.13";
    private const string Native = "program/bin/runtimes/linux-x64/native";
    private const string Provider = "libonnxruntime_providers_cuda.so";
    private const string Bridge = "libonnxruntime_providers_shared.so";

    private readonly TemporaryFolder _root = new();
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _loader = new(StringComparer.Ordinal);

    public CudaSearchTests()
    {
        Assert.SkipUnless(CudaFiles.Supported && OperatingSystem.IsLinux(), "These are the names of Linux on x64.");
        _environment["HOME"] = _root.File("home/a user");
        _environment["LATENTSYNC_HOME"] = _root.File("data/latentsync");
    }

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData("named/libcudart.so.13", "LATENTSYNC_CUDA_HOME=named")]
    [InlineData("named/lib64/libcudart.so.13", "LATENTSYNC_CUDA_HOME=named")]
    [InlineData("named/nvidia/cu13/lib/libcudart.so.13", "LATENTSYNC_CUDA_HOME=named")]
    [InlineData("opt/cuda/lib64/libcudart.so.13", "CUDA_HOME=opt/cuda")]
    [InlineData("opt/cuda/targets/x86_64-linux/lib/libcudart.so.13", "CUDA_PATH=opt/cuda")]
    [InlineData("usr/local/cuda-13.0/lib64/libcudart.so.13", "")]
    [InlineData("usr/local/cuda/targets/x86_64-linux/lib/libcudart.so.13", "")]
    [InlineData("venv/lib/python3.12/site-packages/nvidia/cu13/lib/libcudart.so.13", "VIRTUAL_ENV=venv")]
    [InlineData("conda/lib/python3.11/site-packages/nvidia/cuda_runtime/lib/libcudart.so.13", "CONDA_PREFIX=conda")]
    [InlineData("conda/lib/libcudart.so.13", "CONDA_PREFIX=conda")]
    [InlineData("home/a user/.local/lib/python3.10/site-packages/nvidia/cu13/lib/libcudart.so.13", "")]
    [InlineData("usr/local/lib/python3.12/dist-packages/nvidia/cu13/lib/libcudart.so.13", "")]
    [InlineData("usr/lib/python3/dist-packages/nvidia/cu13/lib/libcudart.so.13", "")]
    [InlineData("data/latentsync/cuda/lib/libcudart.so.13", "")]
    [InlineData("data/latentsync/cuda/nvidia/cu13/lib/libcudart.so.13", "")]
    public void Library_IsFound(string path, string variable)
    {
        Set(variable);
        Assert.Null(Search().FindToolkit(Cudart));
        Assert.Equal(Put(path), Search().FindToolkit(Cudart));
    }

    [Fact]
    public void NamedFolder_ComesBeforeTheLoader_AndTheLoaderBeforeTheRest()
    {
        Put("usr/local/cuda/lib64/" + Cudart);
        _loader[Cudart] = "/lib/x86_64-linux-gnu/libcudart.so.13.0.48";
        Assert.Equal(_loader[Cudart], Search().FindToolkit(Cudart));
        Set("LATENTSYNC_CUDA_HOME=mine");
        Assert.Equal(_loader[Cudart], Search().FindToolkit(Cudart));
        Assert.Equal(Put("mine/lib/" + Cudart), Search().FindToolkit(Cudart));
    }

    [Fact]
    public void NewestToolkit_IsTaken()
    {
        Put("usr/local/cuda-13.0/lib64/" + Cudart);
        Assert.Equal(Put("usr/local/cuda-13.1/lib64/" + Cudart), Search().FindToolkit(Cudart));
    }

    [Fact]
    public void RelativeFolder_IsNotTaken()
    {
        _environment["LATENTSYNC_CUDA_HOME"] = ".";
        _environment["VIRTUAL_ENV"] = "";
        Assert.Null(Search().FindToolkit(Cudart));
    }

    [Theory]
    [InlineData("program/bin/" + Provider)]
    [InlineData(Native + "/" + Provider)]
    [InlineData("data/latentsync/cuda/onnxruntime-" + CudaProvider.Version + "/" + Provider)]
    public void Provider_IsFound(string path)
    {
        Assert.Null(Search().FindProvider());
        Assert.Equal(Put(path), Search().FindProvider());
    }

    [Fact]
    public void NamedProvider_IsTheOnlyOne()
    {
        Put("program/bin/" + Provider);
        _environment["LATENTSYNC_CUDA_PROVIDER"] = _root.File("mine.so");
        Assert.Null(Search().FindProvider());
        Assert.Contains(
            $"LATENTSYNC_CUDA_PROVIDER names \"{_root.File("mine.so")}\", where there is no file",
            Invariant(CudaLibraries.Find(Search()).Parts[^1].Advice),
            StringComparison.Ordinal
        );
        Assert.Equal(Put("mine.so"), Search().FindProvider());
    }

    [Fact]
    public void ProviderOfAnotherVersion_IsNotTaken()
    {
        Put("data/latentsync/cuda/onnxruntime-1.29.0/" + Provider);
        Assert.Null(Search().FindProvider());
    }

    [Fact]
    public void Bridge_IsBesideTheProgramOrItsNativeLibrariesOnly()
    {
        _environment["LATENTSYNC_CUDA_PROVIDER"] = Put("far/" + Provider);
        Put("far/" + Bridge);
        Assert.Null(Search().FindBridge());
        Assert.Equal(Put(Native + "/" + Bridge), Search().FindBridge());
        Assert.Equal(Put("program/bin/" + Bridge), Search().FindBridge());
    }

    [Fact]
    public void Driver_ComesFromTheSystemOrWsl()
    {
        Put("usr/local/cuda/lib64/libcuda.so.1");
        Set("LATENTSYNC_CUDA_HOME=usr/local/cuda");
        Assert.Null(Search().FindDriver());
        Assert.Equal(Put("usr/lib/wsl/lib/libcuda.so.1"), Search().FindDriver());
        _loader["libcuda.so.1"] = "/lib/libcuda.so.580.65.06";
        Assert.Equal(_loader["libcuda.so.1"], Search().FindDriver());
    }

    [Fact]
    public void Loader_TellsTheRealPath()
    {
        var path = SystemLoader.Find("libc.so.6");
        Assert.True(Path.IsPathFullyQualified(path!), path);
        Assert.True(File.Exists(path), path);
        Assert.Null(SystemLoader.Find("libcudart.so.99"));
    }

    private void Set(string variable)
    {
        if (variable.Split('=') is [var name, var folder])
        {
            _environment[name] = _root.File(folder);
        }
    }

    private string Put(string path)
    {
        var file = _root.File(path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, "a library");
        return file;
    }

    private CudaSearch Search() => new(_environment.GetValueOrDefault, [_root.File("program/bin"), _root.File(Native)], _root.Path, _loader.GetValueOrDefault);
}
