using LatentSync.Backends.Cuda.Bindings;
using LatentSync.Backends.Cuda.Kernels;
using LatentSync.Backends.Cuda.Libraries;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.TestKit;

namespace LatentSync.ParityTests.Devices;

/// <summary>The kernels, compiled for every generation of cards that NVRTC knows: it needs no card.</summary>
public sealed class KernelCompilationTests
{
    private const int Oldest = 70;
    private const int OldestWithBFloat16 = 80;
    private const int Ten = 10;
    private const int Hopper = 90;

    [Theory]
    [InlineData(nameof(DeviceDataType.Float16))]
    [InlineData(nameof(DeviceDataType.BFloat16))]
    [InlineData(nameof(DeviceDataType.Float32))]
    public void Sources_CompileForEveryGeneration(string typeName)
    {
        var libraries = CudaLibraries.Find();
        Assert.SkipUnless(libraries.Nvrtc.Path is not null, "NVRTC is not here");
        var type = Enum.Parse<DeviceDataType>(typeName);
        var nvrtc = CudaToolkit.LoadCompiler(libraries);
        var oldest = type == DeviceDataType.BFloat16 ? OldestWithBFloat16 : Oldest;
        var architectures = nvrtc.Architectures.Where(architecture => architecture >= oldest).ToList();
        Assert.Contains(Hopper, architectures);
        var folder = Directory.CreateTempSubdirectory("latentsync-kernels-");
        try
        {
            Parallel.ForEach(architectures, architecture =>
            {
                var compiler = new KernelCompiler(nvrtc, (architecture / Ten, architecture % Ten), folder.FullName);
                var files = architecture == Hopper && type.Is16Bit() ? KernelSource.Files.Concat(KernelSource.HopperFiles) : KernelSource.Files;
                Assert.All(files, file => Assert.NotEmpty(compiler.Compile(file, type)));
            });
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>What is kept for one type is never taken for another.</summary>
    [Fact]
    public void Cache_KnowsTypesApart()
    {
        const string File = "maps.cu";
        var libraries = CudaLibraries.Find();
        Assert.SkipUnless(libraries.Nvrtc.Path is not null, "NVRTC is not here");
        var nvrtc = CudaToolkit.LoadCompiler(libraries);
        using var folder = new TemporaryFolder();
        DeviceDataType[] types = [DeviceDataType.Float16, DeviceDataType.BFloat16, DeviceDataType.Float32];
        var compiler = new KernelCompiler(nvrtc, (Hopper / Ten, Hopper % Ten), folder.Path);
        List<byte[]> compiled = [.. types.Select(type => compiler.Compile(File, type))];
        Assert.Equal((types.Length, types.Length), (compiler.CompiledCount, Directory.GetFiles(folder.Path).Length));
        Assert.All(types.Zip(compiled), pair => Assert.Equal(pair.Second, compiler.Compile(File, pair.First)));
        Assert.Equal((types.Length, types.Length), (compiler.CompiledCount, compiled.DistinctBy(Convert.ToHexString).Count()));
    }
}
