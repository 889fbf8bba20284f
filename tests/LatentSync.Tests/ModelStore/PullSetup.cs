using System.Security.Cryptography;
using LatentSync.Models.Catalogue;
using LatentSync.Models.Download;
using LatentSync.Models.Store;
using LatentSync.TestKit;
using LatentSync.TestKit.Hub;

namespace LatentSync.Tests.ModelStore;

/// <summary>A hub with one model of a large and a small file, and a library that pulls from it without ever waiting.</summary>
internal sealed class PullSetup : IDisposable
{
    public const string Name = "tiny-model";
    public const string Token = "hf_secret";
    public const string ShippedFile = "weights.pt";
    public const int Length = 1_000_003;
    private const int PartLength = 100_000;

    private readonly TemporaryFolder _folder = new();

    public PullSetup(HubServer? storage = null)
    {
        Storage = storage;
        Hub = new HubServer { Storage = storage };
        Large = new byte[Length];
        new Random(7).NextBytes(Large);
        Hub.Files["some/model/unet.pt"] = new HubFile(Large);
        Hub.Files["some/model/config.json"] = new HubFile("{}"u8.ToArray()) { IsLarge = false, ETag = "0a1b2c3d" };
        if (storage is not null)
        {
            storage.Files["some/model/unet.pt"] = new HubFile(Large) { IsLarge = false, ETag = "storage-has-its-own" };
        }

        Settings = new DownloadSettings
        {
            MinimumPartLength = PartLength,
            JournalInterval = 1,
            Patience = TimeSpan.FromSeconds(20),
            Delay = (wait, _) =>
            {
                Waits.Add(wait);
                return Task.CompletedTask;
            },
        };
    }

    public HubServer Hub { get; }

    public HubServer? Storage { get; }

    public byte[] Large { get; }

    public DownloadSettings Settings { get; set; }

    public string? GivenToken { get; set; } = Token;

    public string? PinnedSha256 { get; set; }

    /// <summary>How long the library would have waited.</summary>
    public System.Collections.Concurrent.ConcurrentBag<TimeSpan> Waits { get; } = [];

    public string Store => _folder.File("store");

    public string Target => Path.Combine(Store, Name, "latentsync_unet.pt");

    public ModelLibrary Library =>
        new(
            Store,
            new ModelCatalogue(
                [
                    new KnownModel(
                        Name,
                        "1.6",
                        $"for tests",
                        [
                            new KnownFile("latentsync_unet.pt", "some/model", "unet.pt", Sha256: PinnedSha256),
                            new KnownFile("vae/config.json", "some/model", "config.json"),
                        ]
                    ),
                    new KnownModel("demo", Version: null, $"for tests", []),
                ],
                _folder.File("shipped")
            ),
            Settings,
            name =>
                name switch
                {
                    "HF_ENDPOINT" => Hub.Address,
                    "HF_TOKEN" => GivenToken,
                    "HF_HOME" => _folder.Path,
                    _ => null,
                }
        );

    /// <summary>Puts a model of one small file beside the program; its path is <see cref="ShippedFile"/> in the folder.</summary>
    public string Ship(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder.File("shipped"), name)).FullName;
        byte[] weights = [1, 2, 3];
        File.WriteAllBytes(Path.Combine(folder, ShippedFile), weights);
        new ModelManifest
        {
            Name = name,
            Files =
            [
                new ManifestFile
                {
                    Path = ShippedFile,
                    Length = weights.Length,
                    Sha256 = Convert.ToHexStringLower(SHA256.HashData(weights)),
                },
            ],
        }.Write(folder);
        return folder;
    }

    public Task<(ModelSummary Model, bool Changed)> PullAsync(IProgress<ModelProgress>? progress = null) =>
        Library.PullAsync(Name, progress, TestContext.Current.CancellationToken);

    public async Task<LipSyncException> AssertFailsAsync(LipSyncErrorCode code, params string[] parts)
    {
        var error = await Assert.ThrowsAsync<LipSyncException>(() => PullAsync());
        Assert.Equal(code, error.Code);
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.Equal(ModelState.NotPulled, Library.Show(Name).State);
        return error;
    }

    public void AssertComplete()
    {
        Assert.Equal(Large, File.ReadAllBytes(Target));
        var model = Library.Show(Name);
        Assert.Equal(ModelState.Ready, model.State);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Large)), model.Files[0].Sha256);
        Assert.Equal(
            ["latentsync_unet.pt", "model.json", "vae/config.json"],
            Directory
                .EnumerateFiles(Path.Combine(Store, Name), "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(Path.Combine(Store, Name), path).Replace('\\', '/'))
                .Order(StringComparer.Ordinal)
        );
    }

    public void Dispose()
    {
        Hub.Dispose();
        Storage?.Dispose();
        _folder.Dispose();
    }
}
