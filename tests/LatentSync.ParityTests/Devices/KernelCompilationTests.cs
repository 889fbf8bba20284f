using LatentSync.Backends.Cuda.Bindings;
using LatentSync.Backends.Cuda.Kernels;
using LatentSync.Backends.Cuda.Libraries;
using LatentSync.Backends.Cuda.Memory;

namespace LatentSync.ParityTests.Devices;

/// <summary>The kernels, compiled for every generation of cards that NVRTC knows; it needs no card, but only machines with one have it.</summary>
public sealed class KernelCompilationTests
{
    private const int Oldest = 70;
    private const int Ten = 10;
    private const int Hopper = 90;

    [Theory]
    [InlineData(nameof(DeviceDataType.Float16))]
    [InlineData(nameof(DeviceDataType.Float32))]
    public void Sources_CompileForEveryGeneration(string typeName)
    {
        Assert.SkipUnless(TestDevice.IsCard, "NVRTC is not here (LATENTSYNC_TEST_DEVICE=cuda)");
        var type = Enum.Parse<DeviceDataType>(typeName);
        var nvrtc = CudaToolkit.Load(CudaLibraries.Find()).Nvrtc;
        var architectures = nvrtc.Architectures.Where(architecture => architecture >= Oldest).ToList();
        Assert.Contains(Hopper, architectures);
        var folder = Directory.CreateTempSubdirectory("latentsync-kernels-");
        try
        {
            Parallel.ForEach(architectures, architecture =>
            {
                var compiler = new KernelCompiler(nvrtc, (architecture / Ten, architecture % Ten), folder.FullName);
                var files = architecture == Hopper && type == DeviceDataType.Float16 ? KernelSource.Files.Concat(KernelSource.HopperFiles) : KernelSource.Files;
                Assert.All(files, file => Assert.NotEmpty(compiler.Compile(file, type)));
            });
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
