using LatentSync.Checkpoints.Tensors;

namespace LatentSync.Checkpoints;

/// <summary>
/// Refuses parts that do not belong together. Each of these pairs would run and give noise or a grey mouth, so none of
/// them may run.
/// </summary>
internal static class ModelFolderChecks
{
    /// <summary>Channels of Whisper small.</summary>
    public const int WhisperSmallWidth = 768;

    /// <summary>How the names of the weights end whose second axis is the width of an audio token.</summary>
    public const string AudioKeySuffix = ".attn2.to_k.weight";

    // The features are computed with 80 mel bands and windows of 3000 frames, which the encoder halves.
    private const int MelCount = 80;
    private const int ContextLength = 1500;

    // Noisy, masked and reference latents, and one channel of mask.
    private const int LatentInputs = 3;

    /// <summary>Compares the parts with each other and each configuration with its weights' outer shapes.</summary>
    /// <exception cref="LipSyncException">Two parts contradict each other; the message names both.</exception>
    public static void RequireConsistent(ModelFolder folder, TensorArchive unet, IReadOnlyDictionary<string, StoredTensor> vae)
    {
        var (config, whisper, latent) = (folder.UNet, folder.Whisper, folder.Vae.LatentChannels);
        var source = folder.UNetConfigPath ?? "the public configuration";
        Require(
            HasShape(unet.Tensors, "conv_in.weight", config.BlockOutChannels[0], config.InChannels)
                && HasShape(unet.Tensors, "conv_out.weight", config.OutChannels, config.BlockOutChannels[0]),
            folder.UNetPath,
            $"The UNet \"{folder.UNetPath}\" has other channels than \"{source}\" says; use the configuration that belongs to the checkpoint."
        );
        var width = unet.Tensors.Values.First(tensor => tensor.Name.EndsWith(AudioKeySuffix, StringComparison.Ordinal)).Shape[1];
        var expected = config.CrossAttentionDim;
        Require(
            width == expected,
            folder.UNetPath,
            $"The UNet \"{folder.UNetPath}\" listens to audio tokens of width {width}, but \"{source}\" says {expected}; use the checkpoint's configuration."
        );
        var fitting = expected == WhisperSmallWidth ? "small" : "tiny";
        Require(
            whisper.Width == expected,
            folder.WhisperPath,
            $"Whisper \"{folder.WhisperPath}\" gives audio tokens of width {whisper.Width}, but the UNet needs {expected}; use whisper/{fitting}.pt."
        );
        var (bands, length) = (whisper.MelCount, whisper.ContextLength);
        Require(
            whisper is { MelCount: MelCount, ContextLength: ContextLength },
            folder.WhisperPath,
            $"Whisper \"{folder.WhisperPath}\" has {bands} mel bands and {length} positions instead of {MelCount} and {ContextLength}; use tiny.pt or small.pt."
        );
        var (taken, given) = (config.InChannels, config.OutChannels);
        Require(
            given == latent && taken == (LatentInputs * latent) + 1,
            folder.VaePath,
            $"The VAE \"{folder.VaePath}\" has {latent} latent channels, but the UNet takes {taken} and gives {given}; use stabilityai/sd-vae-ft-mse."
        );
        Require(
            HasShape(vae, "encoder.conv_in.weight", folder.Vae.BlockOutChannels[0], 3)
                && HasShape(vae, "decoder.conv_in.weight", folder.Vae.BlockOutChannels[^1], latent),
            folder.VaePath,
            $"The VAE \"{folder.VaePath}\" has other channels than \"{folder.VaeConfigPath}\" says; use the configuration that belongs to the checkpoint."
        );
    }

    private static bool HasShape(IReadOnlyDictionary<string, StoredTensor> tensors, string name, long first, long second) =>
        tensors.TryGetValue(name, out var tensor) && tensor.Shape is [var rows, var columns, ..] && rows == first && columns == second;

    private static void Require(bool condition, string path, FormattableString message)
    {
        if (!condition)
        {
            throw ModelErrors.Create(path, message);
        }
    }
}
