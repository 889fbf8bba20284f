using LatentSync.Checkpoints;

namespace LatentSync.Models.Catalogue;

/// <summary>The models that are known by name. Names of files come from here only, never from a server.</summary>
internal sealed class ModelCatalogue(IReadOnlyList<KnownModel> models, string shippedFolder)
{
    /// <summary>The model that comes with the program.</summary>
    public const string Demo = "demo";

    private const string VaeRepository = "stabilityai/sd-vae-ft-mse";

    /// <summary>The published models, and those beside the program.</summary>
    public static ModelCatalogue Published { get; } =
        new(
            [LatentSync("1.5"), LatentSync("1.6"), new KnownModel(Demo, Version: null, $"a small model to try the program with", [])],
            Path.Combine(AppContext.BaseDirectory, "models")
        );

    /// <summary>Those that can be had: all to download, and the shipped ones that are there.</summary>
    public IEnumerable<KnownModel> Models => models.Where(model => !model.IsShipped || ShippedPath(model.Name) is not null);

    /// <summary>The model of a name; null if there is none.</summary>
    public KnownModel? Find(string name) => Models.FirstOrDefault(model => model.Name == name);

    /// <summary>Whether a name is that of a shipped model, whether it is there or not.</summary>
    public bool IsShipped(string name) => models.Any(model => model.IsShipped && model.Name == name);

    /// <summary>The folder of a model that comes with the program; null if this installation has none of that name.</summary>
    public string? ShippedPath(string name)
    {
        var path = Path.Combine(shippedFolder, name);
        return IsShipped(name) && Directory.Exists(path) ? path : null;
    }

    private static KnownModel LatentSync(string version)
    {
        var (unet, repository) = (KnownCheckpoint.Find(version)!, "ByteDance/LatentSync-" + version);
        return new KnownModel(
            "latentsync-" + version,
            version,
            $"LatentSync {version}, {unet.Resolution} pixels",
            [
                new KnownFile("latentsync_unet.pt", repository, "latentsync_unet.pt", unet.Length, unet.Sha256),
                new KnownFile("whisper/tiny.pt", repository, "whisper/tiny.pt"),
                new KnownFile("vae/config.json", VaeRepository, "config.json"),
                new KnownFile("vae/diffusion_pytorch_model.safetensors", VaeRepository, "diffusion_pytorch_model.safetensors"),
            ]
        );
    }
}
