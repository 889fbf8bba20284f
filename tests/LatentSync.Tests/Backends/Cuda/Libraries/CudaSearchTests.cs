using LatentSync.Backends.Cuda.Libraries;

namespace LatentSync.Tests.Backends.Cuda.Libraries;

/// <summary>Where libraries are found, in a folder that plays the whole file system.</summary>
public sealed class CudaSearchTests : IDisposable
{
    private const string Nvrtc = "libnvrtc.so.13";

    private readonly FakeMachine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData("named/libnvrtc.so.13", "LATENTSYNC_CUDA_HOME=named")]
    [InlineData("named/lib64/libnvrtc.so.13", "LATENTSYNC_CUDA_HOME=named")]
    [InlineData("named/nvidia/cu13/lib/libnvrtc.so.13", "LATENTSYNC_CUDA_HOME=named")]
    [InlineData("host/site-packages/nvidia/cu13/lib/libnvrtc.so.13", "LATENTSYNC_PYTHON_PACKAGES=host/site-packages")]
    [InlineData("host/site-packages/torch/lib/libnvrtc.so.13", "LATENTSYNC_PYTHON_PACKAGES=host/site-packages")]
    [InlineData("somewhere/libnvrtc.so.13", "LD_LIBRARY_PATH=somewhere")]
    [InlineData("usr/lib64/libnvrtc.so.13", "")]
    [InlineData("opt/cuda/lib64/libnvrtc.so.13", "CUDA_HOME=opt/cuda")]
    [InlineData("opt/cuda/lib/libnvrtc.so.13", "CUDA_PATH=opt/cuda")]
    [InlineData("usr/local/cuda-13.0/lib64/libnvrtc.so.13", "")]
    [InlineData("venv/lib/python3.12/site-packages/nvidia/cu13/lib/libnvrtc.so.13", "VIRTUAL_ENV=venv")]
    [InlineData("conda/lib/python3.11/site-packages/nvidia/cuda_nvrtc/lib/libnvrtc.so.13", "CONDA_PREFIX=conda")]
    [InlineData("conda/lib/libnvrtc.so.13", "CONDA_PREFIX=conda")]
    [InlineData("home/a user/.local/lib/python3.10/site-packages/nvidia/cu13/lib/libnvrtc.so.13", "")]
    [InlineData("usr/local/lib/python3.12/dist-packages/nvidia/cu13/lib/libnvrtc.so.13", "")]
    [InlineData("usr/lib/python3/dist-packages/nvidia/cu13/lib/libnvrtc.so.13", "")]
    [InlineData("data/latentsync/cuda/lib/libnvrtc.so.13", "")]
    [InlineData("data/latentsync/cuda/nvidia/cu13/lib/libnvrtc.so.13", "")]
    public void Library_IsFound(string path, string variable)
    {
        _machine.Set(variable);
        Assert.Null(Find(Nvrtc));
        Assert.Equal(_machine.Put(path), Find(Nvrtc));
    }

    [Theory]
    [InlineData(
        "portable/python_embeded/Lib/site-packages/torch/lib/nvrtc64_120_0.dll",
        "LATENTSYNC_PYTHON_PACKAGES=portable/python_embeded/Lib/site-packages"
    )]
    [InlineData("packages/nvidia/cuda_nvrtc/bin/nvrtc64_120_0.dll", "LATENTSYNC_PYTHON_PACKAGES=packages")]
    [InlineData("toolkit/bin/x64/nvrtc64_120_0.dll", "CUDA_PATH=toolkit")]
    [InlineData("somewhere/nvrtc64_120_0.dll", "PATH=somewhere")]
    [InlineData("conda/Library/bin/nvrtc64_120_0.dll", "CONDA_PREFIX=conda")]
    public void LibraryOfWindows_IsFound(string path, string variable)
    {
        _machine.IsWindows = true;
        _machine.Set(variable);
        Assert.Null(Find("nvrtc64_120_0.dll"));
        Assert.Equal(_machine.Put(path), Find("nvrtc64_120_0.dll"));
    }

    [Fact]
    public void LinesOfTheLoadersFile_AreFolders()
    {
        _machine.Write("etc/ld.so.conf", "# a comment\ninclude ld.so.conf.d/*.conf\n/opt/last # why\nrelative\ninclude /etc/ld.so.conf\n");
        _machine.Write("etc/ld.so.conf.d/b.conf", "/opt/second\n");
        _machine.Write("etc/ld.so.conf.d/a.conf", "/opt/first\n");
        _machine.Write("etc/ld.so.conf.d/a.txt", "/opt/never\n");
        string[] expected = [_machine.File("opt/first"), _machine.File("opt/second"), _machine.File("opt/last")];
        Assert.Equal(expected, new LoaderFolders(_machine.Root).Read().Take(3));
        Assert.DoesNotContain(_machine.File("opt/never"), new LoaderFolders(_machine.Root).Read());
    }

    [Fact]
    public void List_IsReadInItsOrder()
    {
        _machine.Environment["LATENTSYNC_PYTHON_PACKAGES"] = $"{_machine.File("one")}::relative:{_machine.File("two")}";
        var second = _machine.Put("two/torch/lib/" + Nvrtc);
        Assert.Equal(second, Find(Nvrtc));
        Assert.Equal(_machine.Put("one/torch/lib/" + Nvrtc), Find(Nvrtc));
    }

    [Fact]
    public void NewestToolkit_IsTaken()
    {
        _machine.Put("usr/local/cuda-13.0/lib64/" + Nvrtc);
        Assert.Equal(_machine.Put("usr/local/cuda-13.1/lib64/" + Nvrtc), Find(Nvrtc));
    }

    [Fact]
    public void RelativeFolder_IsNotTaken()
    {
        _machine.Environment["LATENTSYNC_CUDA_HOME"] = ".";
        _machine.Environment["LD_LIBRARY_PATH"] = ".:lib";
        _machine.Environment["VIRTUAL_ENV"] = "";
        Assert.All(_machine.Search().Places().SelectMany(place => place.Folders), folder => Assert.True(Path.IsPathFullyQualified(folder), folder));
    }

    [Fact]
    public void Loader_TellsTheRealPath()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "This is a library of Linux.");
        var path = SystemLoader.Find("libc.so.6");
        Assert.True(Path.IsPathFullyQualified(path!), path);
        Assert.True(File.Exists(path), path);
        Assert.Null(SystemLoader.Find("libcuda.so.99"));
    }

    private string? Find(string fileName) => _machine.Search().Places().Select(place => place.Find(fileName)).FirstOrDefault(path => path is not null);
}
