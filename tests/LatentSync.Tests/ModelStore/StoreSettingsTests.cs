using LatentSync.Models.Catalogue;
using LatentSync.Models.Download;
using LatentSync.TestKit;

namespace LatentSync.Tests.ModelStore;

/// <summary>What the environment says: where the store is, which hub is asked, and with which token.</summary>
public class StoreSettingsTests
{
    [Fact]
    public void Home_IsTakenBeforeTheDataFolder() =>
        Assert.Equal(Path.GetFullPath("/a home/models"), StoreLocation.Default(Variables(("LATENTSYNC_HOME", "/a home"), ("XDG_DATA_HOME", "/data"))));

    [Fact]
    public void DataFolder_IsThatOfXdg()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "XDG is a convention of Linux.");
        Assert.Equal("/data/latentsync/models", StoreLocation.Default(Variables(("XDG_DATA_HOME", "/data"), ("HOME", "/home/a"))));
        Assert.Equal("/home/a/.local/share/latentsync/models", StoreLocation.Default(Variables(("HOME", "/home/a"))));
        Assert.Equal("/home/a/.local/share/latentsync/models", StoreLocation.Default(Variables(("XDG_DATA_HOME", "relative"), ("HOME", "/home/a"))));
    }

    [Fact]
    public void Hub_IsHuggingFaceUnlessAMirrorIsNamed()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal("https://huggingface.co/", HubSettings.Read(Variables(("HF_HOME", folder.Path))).Endpoint.ToString());
        Assert.Equal(
            "https://mirror.example/hub/",
            HubSettings.Read(Variables(("HF_HOME", folder.Path), ("HF_ENDPOINT", "https://mirror.example/hub"))).Endpoint.ToString()
        );
    }

    [Theory]
    [InlineData("mirror.example")]
    [InlineData("ftp://mirror.example")]
    [InlineData("https://user:word@mirror.example")]
    [InlineData("https://mirror.example/?a=b")]
    public void AddressThatIsNone_IsRefused(string address) =>
        Assert.Equal(LipSyncErrorCode.InvalidOptions, Assert.Throws<LipSyncException>(() => HubSettings.Read(Variables(("HF_ENDPOINT", address)))).Code);

    [Fact]
    public void Token_IsThatOfTheVariablesElseOfTheFile()
    {
        using var folder = new TemporaryFolder();
        Assert.Null(HubSettings.Read(Variables(("HF_HOME", folder.Path))).Token);
        File.WriteAllText(folder.File("token"), "of-the-file\n");
        Assert.Equal("of-the-file", HubSettings.Read(Variables(("HF_HOME", folder.Path))).Token);
        Assert.Equal("old", HubSettings.Read(Variables(("HF_HOME", folder.Path), ("HUGGING_FACE_HUB_TOKEN", "old"))).Token);
        Assert.Equal("new", HubSettings.Read(Variables(("HF_HOME", folder.Path), ("HUGGING_FACE_HUB_TOKEN", "old"), ("HF_TOKEN", " new "))).Token);
    }

    [Fact]
    public void TokenOfTwoLines_IsRefusedAndNotRepeated()
    {
        var error = Assert.Throws<LipSyncException>(() => HubSettings.Read(Variables(("HF_TOKEN", "secret\nX-Evil: 1"))));
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    private static Func<string, string?> Variables(params (string Name, string Value)[] variables) =>
        name => Array.Find(variables, variable => variable.Name == name).Value;
}
