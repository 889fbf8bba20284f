using System.Runtime.CompilerServices;
using LatentSync.Backends.Cuda.Monitoring;
using LatentSync.TestKit;

namespace LatentSync.Tests.Backends.Cuda.Monitoring;

/// <summary>Calls into a fake NVML in C, so that functions and structures are tested without a card.</summary>
public sealed class NvmlLibraryTests : IDisposable
{
    private const string NoCompiler = "There is no /usr/bin/gcc to compile the fake NVML with, so the calls into NVML are not tested.";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Structures_HaveTheSizesOfC()
    {
        Assert.Equal(24, Unsafe.SizeOf<NvmlMemory>());
        Assert.Equal(8, Unsafe.SizeOf<NvmlUtilization>());
        Assert.Equal(24, Unsafe.SizeOf<NvmlProcess>());
        Assert.Equal(68, Unsafe.SizeOf<NvmlPci>());
    }

    [Fact]
    public async Task Card_IsDescribedAndRead()
    {
        using var library = Open(await FakeNvml.CompileAsync(_folder.Path));
        Assert.Equal(2, library.CountCards());
        using var probe = new NvmlProbe(library, library.Find(0));
        Assert.Equal(FakeNvml.Name, probe.Name);
        Assert.Equal(new GpuCard(0, FakeNvml.Name, "00000000:01:00.0", "580.65.06", new Version(13, 0)), probe.Card);
        Assert.Equal(new GpuReading(12L << 30, 3L << 30, 9L << 30, (1L << 32) + 12345, 87, 64), probe.Read());
    }

    [Fact]
    public async Task WhatIsNotTold_IsNullAndNotZero()
    {
        var path = await FakeNvml.CompileAsync(_folder.Path);
        Assert.SkipWhen(path is null, NoCompiler);
        using var probe = NvmlProbe.Open("00000000:41:00.0", [path!], out var problem);
        Assert.Null(problem);
        Assert.Equal(1, probe!.Card.Index);
        Assert.Equal(new GpuReading(12L << 30, 3L << 30, 9L << 30, null, null, null), probe.Read());
    }

    [Theory]
    [InlineData("nvmlDeviceGetComputeRunningProcesses_v2", true)]
    [InlineData("nvmlDeviceGetComputeRunningProcesses", false)]
    public async Task OlderDriver_ListsProcessesByTheSecondVersionOnly(string function, bool known)
    {
        using var library = Open(await FakeNvml.CompileAsync(_folder.Path, processes: function));
        Assert.Equal(known ? (1L << 32) + 12345 : null, library.Read(library.Find(0)).ProcessBytes);
    }

    [Fact]
    public async Task UnknownCard_IsAnError()
    {
        using var library = Open(await FakeNvml.CompileAsync(_folder.Path));
        var error = Assert.Throws<GpuProbeException>(() => library.Find("00000000:99:00.0"));
        Assert.Equal("NVIDIA's driver answers nvmlDeviceGetHandleByPciBusId_v2 with \"Not Found\" (6)", error.Message);
        Assert.Throws<GpuProbeException>(() => library.Find(2));
    }

    [Fact]
    public async Task ProbeOfUnknownCard_SaysWhyAndEndsItsSession()
    {
        var path = await FakeNvml.CompileAsync(_folder.Path);
        Assert.SkipWhen(path is null, NoCompiler);
        using var none = NvmlProbe.Open("00000000:99:00.0", [path!], out var problem);
        Assert.Null(none);
        Assert.Equal("NVIDIA's driver answers nvmlDeviceGetHandleByPciBusId_v2 with \"Not Found\" (6)", Invariant(problem!));

        // The fake answers only while exactly one session is open.
        using var probe = NvmlProbe.Open("00000000:41:00.0", [path!], out _);
        Assert.Equal(3L << 30, probe!.Read().UsedBytes);
    }

    [Fact]
    public async Task EndedSession_FailsWithoutCrashing()
    {
        var library = Open(await FakeNvml.CompileAsync(_folder.Path));
        var device = library.Find(0);
        library.Dispose();
        library.Dispose();
        Assert.Throws<GpuProbeException>(() => library.Read(device));
    }

    [Fact]
    public async Task DriverThatIsNotLoaded_IsExplained()
    {
        var path = await FakeNvml.CompileAsync(_folder.Path, initCode: 9);
        Assert.SkipWhen(path is null, NoCompiler);
        using var library = NvmlLibrary.Open([path!], out var problem);
        Assert.Null(library);
        Assert.Equal("NVIDIA's driver answers nvmlInit_v2 with \"Driver Not Loaded\" (9)", Invariant(problem!));
    }

    [Fact]
    public void MissingLibrary_IsNoException()
    {
        using var library = NvmlLibrary.Open([_folder.File("libnvidia-ml.so.1")], out var problem);
        Assert.Null(library);
        Assert.Equal("NVIDIA's management library (libnvidia-ml.so.1) is not installed", Invariant(problem!));
    }

    [Fact]
    public async Task DamagedLibrary_IsAsGoodAsMissing()
    {
        await File.WriteAllTextAsync(_folder.File("libnvidia-ml.so.1"), "no library", TestContext.Current.CancellationToken);
        using var library = NvmlLibrary.Open([_folder.File("libnvidia-ml.so.1")], out var problem);
        Assert.Null(library);
        Assert.NotNull(problem);
    }

    private static NvmlLibrary Open(string? path)
    {
        Assert.SkipWhen(path is null, NoCompiler);
        var library = NvmlLibrary.Open([path!], out var problem);
        Assert.Null(problem);
        return library!;
    }
}
