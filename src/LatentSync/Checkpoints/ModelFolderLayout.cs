namespace LatentSync.Checkpoints;

/// <summary>
/// Where the parts of a model may lie. The folder may be the <c>checkpoints</c> folder of a LatentSync repository or of a
/// ComfyUI wrapper, the folder above it, or a download of the model's repository. Only these places are looked at.
/// </summary>
internal sealed class ModelFolderLayout(string folder)
{
    private static readonly string[] Bases = ["", "checkpoints"];
    private static readonly string[] ConfigBases = ["", ".."];
    private static readonly string[] UNetNames = ["latentsync_unet.pt", "latentsync_unet.safetensors"];
    private static readonly string[] VaeFolders = ["vae", "sd-vae-ft-mse", "stabilityai/sd-vae-ft-mse"];
    private static readonly string[] VaeNames = ["diffusion_pytorch_model.safetensors", "diffusion_pytorch_model.bin"];

    private const string SyncNetName = "stable_syncnet.pt";

    private readonly List<string> _lookedFor = [];

    /// <summary>Every path that was looked for in vain, for the error's detail.</summary>
    public IReadOnlyList<string> LookedFor => _lookedFor;

    /// <summary>The UNet checkpoint.</summary>
    public string? FindUNet() => First(Bases.SelectMany(root => UNetNames.Select(name => Place(root, name))));

    /// <summary>The Whisper checkpoint of a size, "tiny" or "small".</summary>
    public string? FindWhisper(string size) => First(Bases.SelectMany(root => new[] { Place(root, "whisper", size + ".pt"), Place(root, size + ".pt") }));

    /// <summary>The VAE's weights; its <c>config.json</c> has to lie beside them.</summary>
    public string? FindVae() => First(Bases.SelectMany(root => VaeFolders.SelectMany(part => VaeNames.Select(name => Place(root, part, name)))));

    /// <summary>The SyncNet checkpoint, which only measuring needs; some downloads have it in <c>auxiliary</c>.</summary>
    public string? FindSyncNet() => First(Bases.SelectMany(root => new[] { Place(root, SyncNetName), Place(root, "auxiliary", SyncNetName) }));

    /// <summary>A configuration made for this very folder.</summary>
    public string? FindOwnConfig() => First(Bases.Select(root => Place(root, "config.yaml")));

    /// <summary>A configuration of the LatentSync repository, which holds one for each resolution.</summary>
    public string? FindRepositoryConfig(string name) => First(ConfigBases.Select(root => Place(root, "configs", "unet", name)));

    private string Place(params string[] parts) => Path.GetFullPath(Path.Combine([folder, .. parts]));

    private string? First(IEnumerable<string> candidates)
    {
        foreach (var candidate in candidates)
        {
            if (File.Exists(candidate))
            {
                return candidate;
            }

            _lookedFor.Add(candidate);
        }

        return null;
    }
}
