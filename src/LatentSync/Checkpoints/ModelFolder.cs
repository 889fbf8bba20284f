using LatentSync.Checkpoints.Config;
using LatentSync.Checkpoints.Tensors;

namespace LatentSync.Checkpoints;

/// <summary>
/// The parts of a LatentSync model on disk, with their configurations, found and checked against each other. Only the
/// files' headers have been read.
/// </summary>
internal sealed record ModelFolder
{
    // The repository's configurations for inference; the others there are for training.
    private const string Config512 = "stage2_512.yaml";
    private const string Config256 = "stage2.yaml";

    /// <summary>The folder that was given.</summary>
    public required string Path { get; init; }

    /// <summary>The UNet checkpoint.</summary>
    public required string UNetPath { get; init; }

    /// <summary>The UNet's YAML; null if there is none and the public configuration is used.</summary>
    public required string? UNetConfigPath { get; init; }

    /// <summary>The UNet's shape and defaults.</summary>
    public required UNetConfig UNet { get; init; }

    /// <summary>The Whisper checkpoint.</summary>
    public required string WhisperPath { get; init; }

    /// <summary>The Whisper encoder's shape.</summary>
    public required WhisperDimensions Whisper { get; init; }

    /// <summary>The VAE's weights.</summary>
    public required string VaePath { get; init; }

    /// <summary>The VAE's <c>config.json</c>.</summary>
    public required string VaeConfigPath { get; init; }

    /// <summary>The VAE's shape.</summary>
    public required VaeConfig Vae { get; init; }

    /// <summary>The LatentSync version, with the reason.</summary>
    public required ModelVersion Version { get; init; }

    /// <summary>Side of the face image in pixels; null if nothing tells, then the user has to say it.</summary>
    public int? Resolution => Version.Resolution;

    /// <summary>Finds and checks the parts in a folder.</summary>
    /// <exception cref="LipSyncException">A part is missing or cannot be read, or parts do not belong together.</exception>
    public static ModelFolder Open(string path)
    {
        if (!Directory.Exists(path))
        {
            throw ModelErrors.Create(
                path,
                File.Exists(path)
                    ? $"\"{path}\" is a file; name the folder that holds the models."
                    : UserFile.NameMistake(path) ?? (FormattableString)$"The model folder \"{path}\" does not exist; check the path or download the models."
            );
        }

        var layout = new ModelFolderLayout(path);
        var (unet, vae) = (layout.FindUNet(), layout.FindVae());
        var whispers = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["tiny"] = layout.FindWhisper("tiny"),
            ["small"] = layout.FindWhisper("small"),
        };
        RequireParts(path, layout, unet, vae, whispers.Values);

        using var unetArchive = CheckpointFile.Open(unet!);
        var audioWidth = AudioWidth(unetArchive);
        var configPath = FindConfig(layout, unetArchive, out var resolutionIsKnown);
        var config = configPath is null ? UNetConfig.Public(audioWidth) : UNetConfigReader.Read(configPath);
        var whisper = (audioWidth == ModelFolderChecks.WhisperSmallWidth ? whispers["small"] ?? whispers["tiny"] : whispers["tiny"] ?? whispers["small"])!;
        using var whisperArchive = CheckpointFile.Open(whisper);
        var vaeConfig = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(vae!)!, "config.json");
        var folder = new ModelFolder
        {
            Path = path,
            UNetPath = unet!,
            UNetConfigPath = configPath,
            UNet = config,
            WhisperPath = whisper,
            Whisper = WhisperDimensions.Read(whisperArchive),
            VaePath = vae!,
            VaeConfigPath = vaeConfig,
            Vae = VaeConfig.Read(vaeConfig),
            Version = ModelVersion.Detect(unet!, unetArchive.Length, configPath, resolutionIsKnown ? config.Resolution : null),
        };
        using var vaeArchive = CheckpointFile.Open(vae!);
        ModelFolderChecks.RequireConsistent(folder, unetArchive, VaeStateDict.Read(vaeArchive));
        return folder;
    }

    private static void RequireParts(string path, ModelFolderLayout layout, string? unet, string? vae, IEnumerable<string?> whispers)
    {
        var missing = new List<FormattableString>();
        if (unet is null)
        {
            missing.Add($"the UNet (latentsync_unet.pt)");
        }

        if (vae is null)
        {
            missing.Add($"the VAE (vae/diffusion_pytorch_model.safetensors)");
        }

        if (whispers.All(whisper => whisper is null))
        {
            missing.Add($"Whisper (whisper/tiny.pt)");
        }

        if (missing.Count > 0)
        {
            var parts = missing.Aggregate((first, second) => $"{first} and {second}");
            throw ModelErrors.Create(
                path,
                $"The model folder \"{path}\" lacks {parts}; download ByteDance/LatentSync-1.6 and stabilityai/sd-vae-ft-mse into it.",
                detail: "looked for:\n" + string.Join('\n', layout.LookedFor.Select(place => "  " + place))
            );
        }
    }

    /// <summary>
    /// The folder's own configuration, else the repository's one for the resolution that the checkpoint or folder name
    /// tells. If nothing tells and the repository has several, any gives the network's shape but none the resolution.
    /// </summary>
    private static string? FindConfig(ModelFolderLayout layout, TensorArchive unet, out bool resolutionIsKnown)
    {
        resolutionIsKnown = true;
        if (layout.FindOwnConfig() is { } own)
        {
            return own;
        }

        var (for512, for256) = (layout.FindRepositoryConfig(Config512), layout.FindRepositoryConfig(Config256));
        var told = KnownCheckpoint.Find(unet.Length) ?? ModelVersion.FromFolderName(unet.Path).Checkpoint;
        if (told is not null)
        {
            return told.Resolution == 512 ? for512 : for256;
        }

        resolutionIsKnown = for512 is null || for256 is null;
        return for512 ?? for256;
    }

    /// <summary>The width of the audio tokens that a UNet was trained with, from its cross-attention weights.</summary>
    private static int AudioWidth(TensorArchive unet)
    {
        var key = unet.Tensors.Keys.FirstOrDefault(name => name.EndsWith(ModelFolderChecks.AudioKeySuffix, StringComparison.Ordinal));
        return key is not null && unet.Tensors[key].Shape is [_, var width and > 0 and <= int.MaxValue]
            ? (int)width
            : throw ModelErrors.Refused(unet.Path, $"has no audio attention, so it is not a LatentSync UNet; use latentsync_unet.pt");
    }
}
