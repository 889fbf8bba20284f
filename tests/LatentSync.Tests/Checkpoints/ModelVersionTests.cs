using LatentSync.Checkpoints;

namespace LatentSync.Tests.Checkpoints;

public class ModelVersionTests
{
    private const long Length15 = 5_072_348_184;
    private const long Length16 = 5_072_222_488;

    [Theory]
    [InlineData("/m/x/u.pt", Length15, null, "1.5", 256)]
    [InlineData("/m/x/u.pt", Length16, null, "1.6", 512)]
    [InlineData("/m/x/u.pt", Length16, 512, "1.6", 512)]
    [InlineData("/m/LatentSync-1.5/u.pt", Length16, null, "1.6", 512)]
    [InlineData("/m/x/u.pt", 5, 256, null, 256)]
    [InlineData("/m/x/u.pt", 5, null, null, null)]
    [InlineData("/m/LatentSync-1.6/u.pt", 5, null, "1.6", 512)]
    [InlineData("/m/latentsync_1_5/checkpoints/u.pt", 5, null, "1.5", 256)]
    [InlineData("/hub/models--ByteDance--LatentSync-1.6/snapshots/c42c7e6c/u.pt", 5, null, "1.6", 512)]
    [InlineData("/m/LatentSync-1.6/u.pt", 5, 512, "1.6", 512)]
    [InlineData("/m/LatentSync-1.6/u.pt", 5, 256, null, null)]
    [InlineData("/m/LatentSync-1.60/u.pt", 5, null, null, null)]
    [InlineData("/m/LatentSync-11.6/u.pt", 5, null, null, null)]
    [InlineData("/m/torch-1.6/u.pt", 5, null, null, null)]
    public void Detect_TellsVersionAndResolution(string path, long length, int? configResolution, string? version, int? resolution)
    {
        var detected = ModelVersion.Detect(path, length, configResolution is null ? null : "config.yaml", configResolution);
        Assert.Equal((version, resolution), (detected.Version, detected.Resolution));
        Assert.NotEmpty(Invariant(detected.Reason));
    }

    [Fact]
    public void Detect_WhenAnOfficialFileHasTheOtherConfiguration_Throws()
    {
        var error = Assert.Throws<LipSyncException>(() => ModelVersion.Detect("/m/u.pt", Length16, "stage2.yaml", 256));
        Assert.Equal(LipSyncErrorCode.InvalidModel, error.Code);
        Assert.Contains("is LatentSync 1.6, made for 512 px, but \"stage2.yaml\" sets 256 px", error.Message, StringComparison.Ordinal);
    }
}
