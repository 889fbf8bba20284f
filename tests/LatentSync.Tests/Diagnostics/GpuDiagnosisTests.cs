using LatentSync.Backends.Cuda.Libraries;
using LatentSync.Diagnostics;
using LatentSync.TestKit;

namespace LatentSync.Tests.Diagnostics;

/// <summary>What doctor says with and without a card, with a fake NVML and lists of libraries.</summary>
public sealed class GpuDiagnosisTests : IDisposable
{
    private const string NoCompiler = "There is no /usr/bin/gcc to compile the fake NVML with.";

    private static readonly CudaLibraries Complete = new(
        new CudaRelease(13, IsWindows: false),
        new DriverLibrary("libcuda.so.1", 13000),
        new CudaPart("CUDA 13", "libnvrtc.so.13", "/opt/cuda/lib64/libnvrtc.so.13", $"run: pip"),
        new CudaPart("CUDA 13", "libcublasLt.so.13", "/opt/cuda/lib64/libcublasLt.so.13", $"run: pip"),
        new CudaPart("cuDNN 9 for CUDA 13", "libcudnn.so.9", "/opt/cudnn/libcudnn.so.9", $"run: pip")
    );

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
        var findings = new GpuDiagnosis([_folder.File("libnvidia-ml.so.1")], _folder.Path, () => Complete).Run();
        Assert.Equal(["GPU", "NVIDIA driver", "CUDA 13", "cuDNN 9 for CUDA 13"], findings.Select(finding => finding.Part));
        Assert.False(findings[0].Found);
        Assert.StartsWith(
            "there is an NVIDIA driver, but NVIDIA's management library (libnvidia-ml.so.1) is not installed; install NVIDIA's driver 525 or newer",
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
                "CUDA 13: libcublasLt.so.13, libnvrtc.so.13 in /opt/cuda/lib64",
                "cuDNN 9 for CUDA 13: libcudnn.so.9 in /opt/cudnn",
            ],
            findings.Select(finding => $"{finding.Part}: {finding.Text}")
        );
    }

    [Fact]
    public async Task WhatIsMissing_ComesWithTheCommand()
    {
        var findings = Diagnose(
            await FakeNvml.CompileAsync(_folder.Path, cards: 1),
            Complete with
            {
                Nvrtc = Complete.Nvrtc with { Path = null },
                CublasLt = Complete.CublasLt with { Path = null },
            }
        );
        Assert.Equal(("CUDA 13", false, false, "libcublasLt.so.13, libnvrtc.so.13 not found; run: pip"), Facts(findings[2]));
        Assert.True(findings[3].Found);
    }

    [Fact]
    public async Task OldDriver_IsToBeReplaced()
    {
        var findings = Diagnose(await FakeNvml.CompileAsync(_folder.Path, cards: 1, cuda: 11080), Complete);
        Assert.False(findings[0].Found);
        Assert.Contains("CUDA 11.8, which is too old: install NVIDIA's driver 525 or newer", findings[0].Text, StringComparison.Ordinal);
    }

    private static IReadOnlyList<Finding> Diagnose(string? nvml, CudaLibraries libraries)
    {
        Assert.SkipWhen(nvml is null, NoCompiler);
        return new GpuDiagnosis([nvml!], "/no such folder", () => libraries).Run();
    }

    private static (string Part, bool Found, bool Required, string Text) Facts(Finding finding) =>
        (finding.Part, finding.Found, finding.Required, finding.Text);
}
