using LatentSync.Checkpoints.Tensors;
using LatentSync.TestKit;

namespace LatentSync.Tests.Checkpoints.Tensors;

public class WeightSourceTests
{
    [Fact]
    public void RealPath_FollowsLinks_AsDownloadCachesUseThem()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        using var folder = new TemporaryFolder();
        var blob = folder.File("blob");
        File.WriteAllText(blob, "x");
        Directory.CreateDirectory(folder.File("snapshot"));
        File.CreateSymbolicLink(folder.File("middle.pt"), blob);
        var link = Path.Combine(folder.File("snapshot"), "model.pt");
        File.CreateSymbolicLink(link, folder.File("middle.pt"));
        Assert.Equal(blob, new WeightSource(link, new Dictionary<string, StoredTensor>(StringComparer.Ordinal)).RealPath);
        Assert.Equal(blob, new WeightSource(blob, new Dictionary<string, StoredTensor>(StringComparer.Ordinal)).RealPath);
    }
}
