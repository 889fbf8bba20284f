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
        var audio = unet.Tensors.Values.First(tensor => tensor.Name.EndsWith(AudioKeySuffix, StringComparison.Ordinal));
        Require(
            audio.Shape[1] == config.CrossAttentionDim,
            folder.UNetPath,
            $"The UNet \"{folder.UNetPath}\" listens to audio tokens of width {audio.Shape[1]}, but \"{source}\" says {config.CrossAttentionDim}; use the configuration that belongs to the checkpoint."
        );
        Require(
            whisper.Width == config.CrossAttentionDim,
            folder.WhisperPath,
            $"Whisper \"{folder.WhisperPath}\" gives audio tokens of width {whisper.Width}, but the UNet needs {config.CrossAttentionDim}; use whisper/{(config.CrossAttentionDim == WhisperSmallWidth ? "small" : "tiny")}.pt."
        );
        Require(
            whisper is { MelCount: MelCount, ContextLength: ContextLength },
            folder.WhisperPath,
            $"Whisper \"{folder.WhisperPath}\" takes {whisper.MelCount} mel bands and {whisper.ContextLength} positions instead of {MelCount} and {ContextLength}; use tiny.pt or small.pt."
        );
        Require(
            config.OutChannels == latent && config.InChannels == (LatentInputs * latent) + 1,
            folder.VaePath,
            $"The VAE \"{folder.VaePath}\" has {latent} latent channels, but the UNet takes {config.InChannels} and gives {config.OutChannels}; use stabilityai/sd-vae-ft-mse."
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
