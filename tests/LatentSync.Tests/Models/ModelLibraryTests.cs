using LatentSync.Models.Store;
using LatentSync.Tests.ModelStore;

namespace LatentSync.Tests.Models;

/// <summary>Listing, checking and removing, with hostile names and manifests.</summary>
public class ModelLibraryTests
{
    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("../other")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("/etc")]
    [InlineData("C:")]
    [InlineData(".hidden")]
    [InlineData("dot.")]
    [InlineData("line\n")]
    public async Task NameThatLeadsElsewhere_IsRefused(string name)
    {
        using var setup = new PullSetup();
        var library = setup.Library;
        var token = TestContext.Current.CancellationToken;
        LipSyncException[] errors =
        [
            await Assert.ThrowsAsync<LipSyncException>(() => library.PullAsync(name, progress: null, token)),
            await Assert.ThrowsAsync<LipSyncException>(() => library.VerifyAsync(name, progress: null, token)),
            await Assert.ThrowsAsync<LipSyncException>(() => library.ImportAsync(setup.Store, name, ModelImportMode.Copy, progress: null, token)),
            Assert.Throws<LipSyncException>(() => library.Remove(name)),
        ];
        Assert.All(errors, error => Assert.Equal(LipSyncErrorCode.InvalidOptions, error.Code));
        Assert.Null(library.FindFolder(name));
        Assert.False(Directory.Exists(setup.Store));
    }

    [Fact]
    public void UnpulledModel_IsListedAsSuch()
    {
        using var setup = new PullSetup();
        var model = Assert.Single(setup.Library.List());
        Assert.Equal((PullSetup.Name, ModelState.NotPulled, null), (model.Name, model.State, model.Folder));
        Assert.Null(setup.Library.FindFolder(PullSetup.Name));
    }

    [Fact]
    public async Task ShippedModel_IsListedWhereItIsThere()
    {
        using var setup = new PullSetup();
        var folder = setup.Ship("demo");
        setup.Ship("unknown");
        Assert.Equal([("demo", ModelState.Shipped), (PullSetup.Name, ModelState.NotPulled)], setup.Library.List().Select(model => (model.Name, model.State)));
        Assert.Equal(folder, setup.Library.FindFolder("demo"));
        Assert.Equal((folder, 3), (setup.Library.Shipped!.Folder, setup.Library.Shipped.Length));
        Assert.Equal([(PullSetup.ShippedFile, 3)], setup.Library.Show("demo").Files.Select(file => (file.Path, (int)file.Length)));
        Assert.All(await VerifyAsync(setup, "demo"), check => Assert.Null(check.Problem));
    }

    [Fact]
    public async Task ShippedModel_CanBeNeitherPulledNorRemoved()
    {
        using var setup = new PullSetup();
        var folder = setup.Ship("demo");
        var token = TestContext.Current.CancellationToken;
        (string Part, LipSyncException Error)[] errors =
        [
            (
                "cannot be downloaded; use it as it is, or pull another: " + PullSetup.Name,
                await Assert.ThrowsAsync<LipSyncException>(() => setup.Library.PullAsync("demo", progress: null, token))
            ),
            ("cannot be removed", Assert.Throws<LipSyncException>(() => setup.Library.Remove("demo"))),
        ];
        Assert.All(errors, error => Assert.Equal(LipSyncErrorCode.InvalidOptions, error.Error.Code));
        Assert.All(errors, error =>
            Assert.StartsWith($"The model \"demo\" comes with the program and {error.Part}", error.Error.Message, StringComparison.Ordinal)
        );
        Assert.True(File.Exists(Path.Combine(folder, PullSetup.ShippedFile)));
        Assert.False(Directory.Exists(setup.Store));
    }

    [Fact]
    public async Task ShippedModel_ThatIsDamagedIsNotUsed()
    {
        using var setup = new PullSetup();
        var folder = setup.Ship("demo");
        File.WriteAllBytes(Path.Combine(folder, PullSetup.ShippedFile), [1, 2, 4]);
        Assert.Equal(["its SHA-256 is not the recorded one"], (await VerifyAsync(setup, "demo")).Select(check => check.Problem));
        File.WriteAllBytes(Path.Combine(folder, PullSetup.ShippedFile), [1, 2]);
        Assert.Equal(ModelState.Incomplete, setup.Library.Shipped!.State);
        Assert.Null(setup.Library.FindFolder("demo"));

        File.WriteAllText(Path.Combine(folder, ModelManifest.FileName), "{");
        Assert.Equal(
            [("demo", ModelState.Incomplete), (PullSetup.Name, ModelState.NotPulled)],
            setup.Library.List().Select(model => (model.Name, model.State))
        );
        File.Delete(Path.Combine(folder, ModelManifest.FileName));
        Assert.Equal(ModelState.Incomplete, setup.Library.Shipped!.State);
        Assert.Contains(
            "lacks its model.json",
            (await Assert.ThrowsAsync<LipSyncException>(() => VerifyAsync(setup, "demo"))).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Verify_TellsWhichFileIsWrong()
    {
        using var setup = new PullSetup();
        await setup.PullAsync();
        Assert.All(await VerifyAsync(setup), check => Assert.Null(check.Problem));
        setup.Large[3] ^= 1;
        File.WriteAllBytes(setup.Target, setup.Large);
        Assert.Equal(["its SHA-256 is not the recorded one", null], (await VerifyAsync(setup)).Select(check => check.Problem));
        File.WriteAllBytes(setup.Target, new byte[5]);
        Assert.Equal(["it has 5 bytes instead of 1000003", null], (await VerifyAsync(setup)).Select(check => check.Problem));
        File.Delete(setup.Target);
        Assert.Equal(["it is missing", null], (await VerifyAsync(setup)).Select(check => check.Problem));
    }

    [Fact]
    public async Task Remove_DeletesWhatTheStorePutThere()
    {
        using var setup = new PullSetup();
        await setup.PullAsync();
        Assert.True(setup.Library.Remove(PullSetup.Name));
        Assert.False(Directory.Exists(Path.Combine(setup.Store, PullSetup.Name)));
        Assert.Equal(LipSyncErrorCode.InvalidModel, Assert.Throws<LipSyncException>(() => setup.Library.Remove(PullSetup.Name)).Code);
    }

    [Fact]
    public async Task Remove_LeavesForeignFiles()
    {
        using var setup = new PullSetup();
        await setup.PullAsync();
        var foreign = Path.Combine(setup.Store, PullSetup.Name, "vae", "mine.txt");
        File.WriteAllText(foreign, "mine");
        Assert.False(setup.Library.Remove(PullSetup.Name));
        Assert.Equal([foreign], Directory.EnumerateFiles(Path.Combine(setup.Store, PullSetup.Name), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void FolderThatIsNoModel_IsNotRemoved()
    {
        using var setup = new PullSetup();
        var folder = Directory.CreateDirectory(Path.Combine(setup.Store, "documents")).FullName;
        Assert.Throws<LipSyncException>(() => setup.Library.Remove("documents"));
        Assert.True(Directory.Exists(folder));
    }

    [Fact]
    public async Task LinkOutOfTheStore_IsNotFollowed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights there.");
        using var setup = new PullSetup();
        await setup.PullAsync();
        var outside = Path.Combine(setup.Store, "..", "outside");
        Directory.Move(Path.Combine(setup.Store, PullSetup.Name), outside);
        Directory.CreateSymbolicLink(Path.Combine(setup.Store, PullSetup.Name), outside);
        Assert.Contains("is a link", Assert.Throws<LipSyncException>(() => setup.Library.Remove(PullSetup.Name)).Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(outside, "latentsync_unet.pt")));
    }

    [Theory]
    [InlineData("../../victim")]
    [InlineData("/victim")]
    [InlineData("a/../../victim")]
    [InlineData("C:\\\\victim")]
    public void ManifestThatNamesFilesOutside_IsDamaged(string path)
    {
        using var setup = new PullSetup();
        var folder = Directory.CreateDirectory(Path.Combine(setup.Store, "evil")).FullName;
        File.WriteAllText(
            Path.Combine(folder, ModelManifest.FileName),
            $$"""{"name":"evil","added":"2026-01-01T00:00:00Z","files":[{"path":"{{path}}","length":1,"sha256":"00"}]}"""
        );
        Assert.Contains("is damaged", Assert.Throws<LipSyncException>(() => setup.Library.Remove("evil")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("{\"name\":null,\"added\":\"2026-01-01T00:00:00Z\",\"files\":[null]}")]
    public void ManifestThatIsNone_IsDamaged(string json)
    {
        using var setup = new PullSetup();
        var folder = Directory.CreateDirectory(Path.Combine(setup.Store, "odd")).FullName;
        File.WriteAllText(Path.Combine(folder, ModelManifest.FileName), json);
        Assert.Equal(LipSyncErrorCode.InvalidModel, Assert.Throws<LipSyncException>(() => setup.Library.Show("odd")).Code);
        Assert.Equal([("odd", ModelState.Incomplete), (PullSetup.Name, ModelState.NotPulled)], setup.Library.List().Select(model => (model.Name, model.State)));
    }

    private static Task<IReadOnlyList<ModelFileCheck>> VerifyAsync(PullSetup setup, string name = PullSetup.Name) =>
        setup.Library.VerifyAsync(name, progress: null, TestContext.Current.CancellationToken);
}
