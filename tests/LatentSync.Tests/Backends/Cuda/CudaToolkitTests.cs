using LatentSync.Backends.Cuda.Bindings;

namespace LatentSync.Tests.Backends.Cuda;

public class CudaToolkitTests
{
    [Theory]
    [InlineData(13010, 13, 12)]
    [InlineData(12040, 12)]
    [InlineData(11080)]
    public void Driver_RunsItsReleaseAndOlderOnes(int driver, params int[] releases) =>
        Assert.Equal(releases, CudaRelease.SupportedBy(driver).Select(release => release.Major));

    [Fact]
    public void OldDriver_IsToldWhatToInstall()
    {
        var error = Assert.Throws<LipSyncException>(() => CudaToolkit.Load(11080, _ => "anything"));
        Assert.Equal(LipSyncErrorCode.DeviceUnavailable, error.Code);
        Assert.Contains("525", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MissingLibrary_IsNamed()
    {
        var error = Assert.Throws<LipSyncException>(() => CudaToolkit.Load(13010, name => name == CudaRelease.Cudnn ? null : name));
        Assert.Equal(LipSyncErrorCode.MissingDependency, error.Code);
        Assert.Contains(CudaRelease.Cudnn, error.Message, StringComparison.Ordinal);
    }

    /// <summary>PyTorch for CUDA 12 under a driver for CUDA 13: the release that is there whole is taken.</summary>
    [Fact]
    public void IncompleteNewRelease_GivesWayToACompleteOldOne()
    {
        var asked = new List<string>();
        var error = Assert.Throws<LipSyncException>(() => CudaToolkit.Load(13010, name =>
            {
                asked.Add(name);
                return name == new CudaRelease(13).Nvrtc ? null : Path.Combine(Path.GetTempPath(), "no-such-folder", name);
            }));
        Assert.Contains(new CudaRelease(12).CublasLt, error.Message, StringComparison.Ordinal);
        Assert.Contains(new CudaRelease(12).Nvrtc, asked);
    }
}
