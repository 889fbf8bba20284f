using LatentSync.Checkpoints;
using LatentSync.TestKit;

namespace LatentSync.Tests.Checkpoints;

public sealed class ModelFolderLayoutTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("stable_syncnet.pt")]
    [InlineData("auxiliary/stable_syncnet.pt")]
    [InlineData("checkpoints/stable_syncnet.pt")]
    [InlineData("checkpoints/auxiliary/stable_syncnet.pt")]
    public void FindSyncNet_LooksWhereThePublicRepositoryHasIt(string place)
    {
        Assert.Null(new ModelFolderLayout(_folder.Path).FindSyncNet());
        Assert.Equal(Write(place), new ModelFolderLayout(_folder.Path).FindSyncNet());
    }

    [Theory]
    [InlineData("whisper/small.pt")]
    [InlineData("small.pt")]
    [InlineData("checkpoints/whisper/small.pt")]
    [InlineData("checkpoints/small.pt")]
    public void FindWhisper_LooksForTheSizeAskedFor(string place)
    {
        Write(place.Replace("small", "tiny", StringComparison.Ordinal));
        Assert.Null(new ModelFolderLayout(_folder.Path).FindWhisper("small"));
        Assert.Equal(Write(place), new ModelFolderLayout(_folder.Path).FindWhisper("small"));
    }

    /// <summary>A checkpoints folder of the repository has its configurations beside it.</summary>
    [Fact]
    public void FindRepositoryConfig_LooksBesideTheFolderToo()
    {
        var beside = Write("configs/unet/stage2.yaml");
        var layout = new ModelFolderLayout(_folder.File("checkpoints"));
        Assert.Equal(beside, layout.FindRepositoryConfig("stage2.yaml"));
        Assert.Equal([_folder.File("checkpoints/configs/unet/stage2.yaml")], layout.LookedFor);
        Assert.Null(layout.FindRepositoryConfig("stage2_512.yaml"));
    }

    [Fact]
    public void TheFolderItself_ComesBeforeItsCheckpointsFolder()
    {
        var inner = Write("checkpoints/config.yaml");
        Assert.Equal(inner, new ModelFolderLayout(_folder.Path).FindOwnConfig());
        Assert.Equal(Write("config.yaml"), new ModelFolderLayout(_folder.Path).FindOwnConfig());
    }

    [Fact]
    public void KnownCheckpoints_AreFoundByLengthAndByVersion()
    {
        Assert.Equal(("1.5", 256), (KnownCheckpoint.Find("1.5")!.Version, KnownCheckpoint.Find("1.5")!.Resolution));
        Assert.Same(KnownCheckpoint.Find("1.6"), KnownCheckpoint.Find(KnownCheckpoint.Find("1.6")!.Length));
        Assert.Null(KnownCheckpoint.Find("1.4"));
        Assert.Null(KnownCheckpoint.Find(1));
    }

    private string Write(string name)
    {
        var path = Path.GetFullPath(_folder.File(name));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "");
        return path;
    }
}
