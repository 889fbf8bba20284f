using LatentSync.Checkpoints.Config;

namespace LatentSync.TestKit.Checkpoints;

/// <summary>
/// A complete model folder of small networks whose parts belong together: the golden UNet and VAE, and a Whisper of the
/// width that this UNet needs (the golden Whisper is narrower) with random weights.
/// </summary>
internal static class GoldenModelFolder
{
    private const int HeadWidth = 64;

    /// <summary>The shape of Whisper tiny, which the public UNets were trained with, at the width of the golden UNet.</summary>
    public static WhisperDimensions Whisper { get; } = ForWidth(UNetConfigReader.Read(Golden.Path("unet_tiny/config.yaml")).CrossAttentionDim);

    /// <summary>Creates the folder's files; the folder may exist.</summary>
    public static void Create(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "vae"));
        Directory.CreateDirectory(Path.Combine(folder, "whisper"));
        Copy("unet_tiny/latentsync_unet.pt", Path.Combine(folder, "latentsync_unet.pt"));
        Copy("unet_tiny/config.yaml", Path.Combine(folder, "config.yaml"));
        Copy("vae_tiny/config.json", Path.Combine(folder, "vae", "config.json"));
        Copy("vae_tiny/diffusion_pytorch_model.safetensors", Path.Combine(folder, "vae", "diffusion_pytorch_model.safetensors"));
        WhisperCheckpoint.Write(Path.Combine(folder, "whisper", "tiny.pt"), Whisper);
    }

    private static WhisperDimensions ForWidth(int width) => new(MelCount: 80, ContextLength: 1500, width, width / HeadWidth, LayerCount: 4);

    // File.Copy would carry over that the golden files are read-only.
    private static void Copy(string golden, string target) => File.WriteAllBytes(target, File.ReadAllBytes(Golden.Path(golden)));
}
