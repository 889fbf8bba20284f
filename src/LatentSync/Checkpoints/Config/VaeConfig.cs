namespace LatentSync.Checkpoints.Config;

/// <summary>The shape of a diffusers AutoencoderKL, as in its <c>config.json</c>.</summary>
internal sealed record VaeConfig
{
    private const int MaxBlocks = 6;
    private const int MaxChannels = 4096;

    // What Stable Diffusion 1's latents are multiplied by; its VAE files predate the setting.
    private const double StableDiffusionScale = 0.18215;

    /// <summary>Settings that change the network, with the only value that is computed here.</summary>
    private static readonly (string Key, object Supported)[] Fixed =
    [
        ("_class_name", "AutoencoderKL"),
        ("act_fn", "silu"),
        ("in_channels", 3L),
        ("out_channels", 3L),
        ("mid_block_add_attention", true),
        ("use_quant_conv", true),
        ("use_post_quant_conv", true),
    ];

    /// <summary>Channels of each down block, from the image inwards.</summary>
    public required IReadOnlyList<int> BlockOutChannels { get; init; }

    /// <summary>Resnets per down block; up blocks have one more.</summary>
    public required int LayersPerBlock { get; init; }

    /// <summary>Channels of a latent.</summary>
    public required int LatentChannels { get; init; }

    /// <summary>Groups of every GroupNorm.</summary>
    public required int NormGroups { get; init; }

    /// <summary>Factor from the encoder's mean to the latent.</summary>
    public required double ScalingFactor { get; init; }

    /// <summary>Subtracted from the mean before scaling.</summary>
    public required double ShiftFactor { get; init; }

    /// <summary>Stable Diffusion 1's VAE, which the public models use.</summary>
    public static VaeConfig StableDiffusion { get; } =
        new()
        {
            BlockOutChannels = [128, 256, 512, 512],
            LayersPerBlock = 2,
            LatentChannels = 4,
            NormGroups = 32,
            ScalingFactor = StableDiffusionScale,
            ShiftFactor = 0,
        };

    /// <summary>Reads a configuration.</summary>
    /// <exception cref="LipSyncException">The file cannot be read, or describes a network that is not supported.</exception>
    public static VaeConfig Read(string path)
    {
        var file = JsonConfig.Read(path);
        foreach (var (key, supported) in Fixed)
        {
            file.RequireIfPresent(key, supported);
        }

        RequireBlocks(file, "down_block_types", "DownEncoderBlock2D");
        RequireBlocks(file, "up_block_types", "UpDecoderBlock2D");
        var channels = file.Integers("block_out_channels", 1, MaxChannels, MaxBlocks);
        var groups = file.Integer("norm_num_groups", 1, MaxChannels, fallback: 32);
        if (channels.Any(count => count % groups != 0))
        {
            throw file.Refuse("block_out_channels", (long)channels.First(count => count % groups != 0), $"a multiple of norm_num_groups");
        }

        return new VaeConfig
        {
            BlockOutChannels = channels,
            LayersPerBlock = file.Integer("layers_per_block", 1, 8),
            LatentChannels = file.Integer("latent_channels", 1, MaxChannels),
            NormGroups = groups,
            ScalingFactor = file.Number("scaling_factor", 1e-3, 1e3, StableDiffusionScale),
            ShiftFactor = file.Number("shift_factor", -1e3, 1e3, fallback: 0),
        };
    }

    private static void RequireBlocks(ConfigSection file, string key, string supported)
    {
        if (file.Has(key) && file.Texts(key, MaxBlocks).FirstOrDefault(name => name != supported) is { } other)
        {
            throw file.Refuse(key, other, $"{supported}");
        }
    }
}
