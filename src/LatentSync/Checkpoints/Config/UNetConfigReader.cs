namespace LatentSync.Checkpoints.Config;

/// <summary>Reads <see cref="UNetConfig"/> from the YAML that comes with a checkpoint, refusing networks that are not known here.</summary>
internal static class UNetConfigReader
{
    private const int MaxBlocks = 6;
    private const int MaxChannels = 4096;
    private const int MaxResolution = 2048;
    private const int MaxTrainingSteps = 1000;

    // Three down-samplings in the VAE, three in the UNet.
    private const int ResolutionStep = 64;

    /// <summary>Settings that change the network, with the only value that is computed here.</summary>
    private static readonly (string Key, object Supported)[] Fixed =
    [
        ("act_fn", "silu"),
        ("add_audio_layer", true),
        ("center_input_sample", false),
        ("mid_block_type", "UNetMidBlock3DCrossAttn"),
        ("downsample_padding", 1L),
        ("flip_sin_to_cos", true),
        ("freq_shift", 0L),
        ("mid_block_scale_factor", 1L),
        ("resnet_time_scale_shift", "default"),
        ("use_linear_projection", false),
        ("only_cross_attention", false),
        ("dual_cross_attention", false),
        ("motion_module_mid_block", false),
        ("motion_module_type", "Vanilla"),
    ];

    private static readonly (string Key, object Supported)[] FixedMotion =
    [
        ("num_transformer_block", 1L),
        ("temporal_position_encoding", true),
        ("temporal_attention_dim_div", 1L),
    ];

    /// <summary>Reads a configuration.</summary>
    /// <exception cref="LipSyncException">The file cannot be read, or describes a network that is not supported.</exception>
    public static UNetConfig Read(string path)
    {
        var file = YamlConfig.Read(path);
        var (model, data, run) = (file.Section("model"), file.Section("data"), file.Section("run"));
        RequireFixed(model, Fixed);
        RequireAudioReach(data);
        var channels = model.Integers("block_out_channels", 1, MaxChannels, MaxBlocks);
        var groups = model.Integer("norm_num_groups", 1, MaxChannels);
        var heads = model.Integer("attention_head_dim", 1, MaxChannels);
        foreach (var count in channels)
        {
            if (count % groups != 0 || count % heads != 0)
            {
                throw model.Refuse("block_out_channels", (long)count, $"a multiple of norm_num_groups and attention_head_dim");
            }
        }

        return new UNetConfig
        {
            BlockOutChannels = channels,
            LayersPerBlock = model.Integer("layers_per_block", 1, 8),
            HeadCount = heads,
            CrossAttentionDim = model.Integer("cross_attention_dim", 1, MaxChannels),
            InChannels = model.Integer("in_channels", 1, MaxChannels),
            OutChannels = model.Integer("out_channels", 1, MaxChannels),
            NormGroups = groups,
            NormEpsilon = model.Number("norm_eps", double.Epsilon, 1e-2),
            DownBlocks = Blocks(model, "down_block_types", "DownBlock3D", channels.Count),
            UpBlocks = Blocks(model, "up_block_types", "UpBlock3D", channels.Count),
            MotionModule = model.Flag("use_motion_module", fallback: false) ? ReadMotionModule(model, channels) : null,
            Resolution = data.Has("resolution") ? ReadResolution(data) : null,
            NumFrames = data.Integer("num_frames", 1, 1024, 16),
            GuidanceScale = run.Number("guidance_scale", 1, 100, 1.5),
            InferenceSteps = run.Integer("inference_steps", 1, MaxTrainingSteps - 1, 20),
        };
    }

    private static MotionModuleConfig ReadMotionModule(ConfigSection model, IReadOnlyList<int> channels)
    {
        var details = model.Section("motion_module_kwargs");
        RequireFixed(details, FixedMotion);
        var attentions = details.Texts("attention_block_types", maxCount: 8);
        if (attentions.FirstOrDefault(name => name != "Temporal_Self") is { } other)
        {
            throw details.Refuse("attention_block_types", other, $"Temporal_Self");
        }

        var heads = details.Integer("num_attention_heads", 1, MaxChannels);
        if (channels.Any(count => count % heads != 0))
        {
            throw details.Refuse("num_attention_heads", (long)heads, $"a divisor of block_out_channels");
        }

        return new MotionModuleConfig
        {
            Resolutions = model.Integers("motion_module_resolutions", 1, 1 << MaxBlocks, MaxBlocks),
            DecoderOnly = model.Flag("motion_module_decoder_only", fallback: false),
            HeadCount = heads,
            AttentionCount = attentions.Count,
            MaxPositions = details.Integer("temporal_position_encoding_max_len", 1, 1024),
        };
    }

    private static IReadOnlyList<UNetBlockKind> Blocks(ConfigSection model, string key, string plainName, int count)
    {
        var names = model.Texts(key, MaxBlocks);
        return names.Count == count ? [.. names.Select(Kind)] : throw model.Refuse(key, (long)names.Count, $"a list as long as block_out_channels, {count},");

        UNetBlockKind Kind(string name) =>
            name == plainName ? UNetBlockKind.Convolution
            : name == "CrossAttn" + plainName ? UNetBlockKind.CrossAttention
            : throw model.Refuse(key, name, $"{plainName} or CrossAttn{plainName}");
    }

    private static int ReadResolution(ConfigSection data)
    {
        var resolution = data.Integer("resolution", ResolutionStep, MaxResolution);
        return resolution % ResolutionStep == 0 ? resolution : throw data.Refuse("resolution", (long)resolution, $"a multiple of {ResolutionStep}");
    }

    /// <summary>The audio windows are those of the public models; others would run silently wrong.</summary>
    private static void RequireAudioReach(ConfigSection data)
    {
        if (data.Has("audio_feat_length") && data.Integers("audio_feat_length", 0, 10, maxCount: 2) is var reach && reach is not [2, 2])
        {
            throw data.Refuse("audio_feat_length", string.Join(", ", reach), $"2, 2");
        }
    }

    private static void RequireFixed(ConfigSection section, (string Key, object Supported)[] settings)
    {
        foreach (var (key, supported) in settings)
        {
            section.RequireIfPresent(key, supported);
        }
    }
}
