using LatentSync.Backends.Cuda.Execution;
using LatentSync.TestKit;

namespace LatentSync.Tests.Backends.Cuda;

public class PlanStoreTests
{
    [Fact]
    public void Plans_SurviveTheProcess()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "cache", "plans.json");
        var store = new PlanStore(path);
        store["product"] = "00ff";
        store.Save();
        Assert.Equal("00ff", new PlanStore(path)["product"]);
        Assert.Equal(["plans.json"], Directory.GetFiles(Path.GetDirectoryName(path)!).Select(file => Path.GetFileName(file)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"a\":")]
    [InlineData("null")]
    public void DamagedFile_CountsAsEmpty(string content)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "plans.json");
        File.WriteAllText(path, content);
        Assert.Null(new PlanStore(path)["product"]);
    }
}
