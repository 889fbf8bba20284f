using LatentSync.Models.Operations;
using LatentSync.Models.Store;
using LatentSync.TestKit;

namespace LatentSync.Tests.ModelStore;

/// <summary>The model in <c>models/demo</c> of the checkout and what its <c>model.json</c> says.</summary>
public class ShippedModelTests
{
    private const long LargestModel = 25_000_000;

    private static readonly string Folder = Path.Combine(RepositoryFolder.Path, "models", "demo");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Manifest_IsThatOfTheFiles()
    {
        SkipWithout(Folder);
        var committed = ModelManifest.Read(Folder);
        Assert.True(committed is not null, $"\"{Folder}\" lacks its model.json; make it with \"dotnet run --project tools/ShippedModel -- models/demo\".");
        var actual = await ShippedManifest.CreateAsync(Folder, Token);
        Assert.Equal((actual.Name, actual.Version, null, null), (committed.Name, committed.Version, committed.ImportedFrom, committed.Added));
        Assert.True(
            actual.Files.SequenceEqual(committed.Files),
            "models/demo/model.json is not that of the files; make it again with \"dotnet run --project tools/ShippedModel -- models/demo\"."
        );
        Assert.InRange(committed.Files.Sum(file => file.Length), 1, LargestModel);
    }

    [Fact]
    public async Task CopyBesideTheProgram_IsWhole()
    {
        SkipWithout(Folder);
        var library = new ModelLibrary(Path.Combine(Path.GetTempPath(), "latentsync tests have no store"));
        var shipped = library.Shipped;
        Assert.True(shipped is { State: ModelState.Shipped }, $"The build did not copy models/demo beside the program: {shipped}");
        Assert.Equal(Path.Combine(AppContext.BaseDirectory, "models", "demo"), shipped.Folder);
        Assert.All(await library.VerifyAsync(shipped.Name, progress: null, Token), check => Assert.Null(check.Problem));
        Assert.Empty(Directory.EnumerateFiles(shipped.Folder!, "*.jpg", SearchOption.AllDirectories));
    }

    [Fact]
    public void Samples_AreBesideTheProgram() =>
        Assert.Equal(
            ["head.mp4", "voice.wav"],
            Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "samples")).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );

    private static void SkipWithout(string folder) =>
        Assert.SkipUnless(File.Exists(Path.Combine(folder, "latentsync_unet.pt")), $"SKIPPED: the checkout has no model in \"{folder}\".");
}
