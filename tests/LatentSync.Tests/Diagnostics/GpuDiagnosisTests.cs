using LatentSync.Backends.Cuda.Libraries;
using LatentSync.Diagnostics;
using LatentSync.TestKit;

namespace LatentSync.Tests.Diagnostics;

/// <summary>What doctor says with and without a card, with a fake NVML and lists of libraries.</summary>
public sealed class GpuDiagnosisTests : IDisposable
{
    private const string NoCompiler = "There is no /usr/bin/gcc to compile the fake NVML with.";

    private static readonly CudaPart[] Complete =
    [
        new("NVIDIA driver", "libcuda.so.1", true, "libcuda.so.1", $"install the driver"),
        new("CUDA 13", "libcudart.so.13", true, "/opt/cuda/lib64/libcudart.so.13", $"run: pip"),
        new("CUDA 13", "libcufft.so.12", false, null, $"run: pip"),
        new("CUDA provider", "libonnxruntime_providers_cuda.so", true, "/opt/ort/libonnxruntime_providers_cuda.so", $"run: it"),
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WithoutCard_OneLineSaysSo()
    {
        var findings = new GpuDiagnosis([_folder.File("none")], _folder.File("no driver"), () =>
            throw new InvalidOperationException("Not to be looked for.")
        ).Run();
        Assert.Equal(("GPU", true, false, "no NVIDIA card: the CPU is used"), Facts(Assert.Single(findings)));
    }

    [Fact]
    public async Task DriverThatSeesNoCard_IsAsGoodAsNone()
    {
        var findings = Diagnose(await FakeNvml.CompileAsync(_folder.Path, cards: 0), Complete);
        Assert.Equal("no NVIDIA card: the CPU is used", Assert.Single(findings).Text);
    }

    [Fact]
    public void DriverWithoutManagementLibrary_IsReported()
    {
        var findings = new GpuDiagnosis([_folder.File("libnvidia-ml.so.1")], _folder.Path, () => new CudaLibraries(Complete)).Run();
        Assert.Equal(["GPU", "NVIDIA driver", "CUDA 13", "CUDA provider"], findings.Select(finding => finding.Part));
        Assert.False(findings[0].Found);
        Assert.StartsWith(
            "there is an NVIDIA driver, but NVIDIA's management library (libnvidia-ml.so.1) is not installed; install NVIDIA's driver 580 or newer",
            findings[0].Text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Everything_IsThere()
    {
        var findings = Diagnose(await FakeNvml.CompileAsync(_folder.Path), Complete);
        Assert.All(findings, finding => Assert.True(finding is { Found: true, Required: false }, finding.Text));
        Assert.Equal(
            [
                "GPU 0: Fake RTX 4070 (00000000:01:00.0), 9.0 of 12.0 GiB free, driver 580.65.06, CUDA 13.0",
                "GPU 1: Fake RTX 4070 (00000000:41:00.0), 9.0 of 12.0 GiB free, driver 580.65.06, CUDA 13.0",
                "NVIDIA driver: libcuda.so.1 in the system's library path",
                "CUDA 13: libcudart.so.13 in /opt/cuda/lib64 (without libcufft.so.12, seldom needed)",
                "CUDA provider: libonnxruntime_providers_cuda.so in /opt/ort",
            ],
            findings.Select(finding => $"{finding.Part}: {finding.Text}")
        );
    }

    [Fact]
    public async Task WhatIsMissing_ComesWithTheCommand()
    {
        var findings = Diagnose(
            await FakeNvml.CompileAsync(_folder.Path, cards: 1),
            [.. Complete[..1], Complete[1] with { Path = null }, new CudaPart("CUDA 13", "libcublas.so.13", true, null, $"run: pip"), Complete[2], Complete[3]]
        );
        Assert.Equal(("CUDA 13", false, false, "libcudart.so.13, libcublas.so.13 not found; run: pip"), Facts(findings[2]));
        Assert.True(findings[3].Found);
    }

    [Fact]
    public async Task OldDriver_IsToBeReplaced()
    {
        var findings = Diagnose(await FakeNvml.CompileAsync(_folder.Path, cards: 1, cuda: 12040), Complete);
        Assert.False(findings[0].Found);
        Assert.Contains("CUDA 12.4, which is too old: install NVIDIA's driver 580 or newer", findings[0].Text, StringComparison.Ordinal);
    }

    private static IReadOnlyList<Finding> Diagnose(string? nvml, CudaPart[] parts)
    {
        Assert.SkipWhen(nvml is null, NoCompiler);
        return new GpuDiagnosis([nvml!], "/no such folder", () => new CudaLibraries(parts)).Run();
    }

    private static (string Part, bool Found, bool Required, string Text) Facts(Finding finding) =>
        (finding.Part, finding.Found, finding.Required, finding.Text);
}
