using LatentSync.TestKit;
using LatentSync.Worker;

namespace LatentSync.Tests.Worker;

/// <summary>Models where the users of another program put them.</summary>
public sealed class HostModelsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void FirstModel_IsTheFolderItselfThenItsFoldersThenCheckpoints()
    {
        var (models, packs) = (_folder.File("models"), _folder.File("packs"));
        Assert.Null(HostModels.Find([models, packs], name: null));
        var wrapper = Make("packs", "Wrapper", "checkpoints");
        Assert.Equal(wrapper, HostModels.Find([models, packs], name: null));
        var second = Make("models", "b");
        Assert.Equal(second, HostModels.Find([models, packs], name: null));
        var first = Make("models", "a");
        Assert.Equal(first, HostModels.Find([models, packs], name: null));
        var itself = Make("models");
        Assert.Equal(itself, HostModels.Find([models, packs], name: null));
        Assert.Equal(second, HostModels.Find([models, packs], "b"));
        Assert.Equal(wrapper, HostModels.Find([models, packs], "Wrapper"));
        Assert.Null(HostModels.Find([models, packs], "c"));
    }

    private string Make(params string[] parts)
    {
        var folder = Directory.CreateDirectory(Path.Combine([_folder.Path, .. parts])).FullName;
        File.WriteAllBytes(Path.Combine(folder, "latentsync_unet.pt"), []);
        return folder;
    }
}
