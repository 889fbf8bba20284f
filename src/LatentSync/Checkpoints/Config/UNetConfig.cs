namespace LatentSync.Checkpoints.Config;

/// <summary>The shape of a LatentSync UNet and the defaults that come with it, as in the public YAML files.</summary>
internal sealed record UNetConfig
{
    /// <summary>Channels of each down block, from the outermost; the up blocks have them in reverse.</summary>
    public IReadOnlyList<int> BlockOutChannels { get; init; } = [320, 640, 1280, 1280];

    /// <summary>Resnets per down block; up blocks have one more.</summary>
    public int LayersPerBlock { get; init; } = 2;

    /// <summary>Attention heads. The files call it <c>attention_head_dim</c>, as Stable Diffusion 1 does by mistake.</summary>
    public int HeadCount { get; init; } = 8;

    /// <summary>Width of an audio token: 384 with Whisper tiny, 768 with Whisper small.</summary>
    public int CrossAttentionDim { get; init; } = 384;

    /// <summary>Noisy latent 4, mask 1, masked latent 4, reference latent 4.</summary>
    public int InChannels { get; init; } = 13;

    /// <summary>Channels of the predicted noise.</summary>
    public int OutChannels { get; init; } = 4;

    /// <summary>Groups of every GroupNorm.</summary>
    public int NormGroups { get; init; } = 32;

    /// <summary>Epsilon of the resnets' GroupNorm.</summary>
    public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>The down blocks, from the outermost.</summary>
    public IReadOnlyList<UNetBlockKind> DownBlocks { get; init; } =
    [UNetBlockKind.CrossAttention, UNetBlockKind.CrossAttention, UNetBlockKind.CrossAttention, UNetBlockKind.Convolution];

    /// <summary>The up blocks, from the innermost.</summary>
    public IReadOnlyList<UNetBlockKind> UpBlocks { get; init; } =
    [UNetBlockKind.Convolution, UNetBlockKind.CrossAttention, UNetBlockKind.CrossAttention, UNetBlockKind.CrossAttention];

    /// <summary>The temporal attention; null if the network has none.</summary>
    public MotionModuleConfig? MotionModule { get; init; } =
        new()
        {
            Resolutions = [1, 2, 4, 8],
            DecoderOnly = false,
            HeadCount = 8,
            AttentionCount = 2,
            MaxPositions = 24,
        };

    /// <summary>Side of the face image in pixels; null if nothing tells.</summary>
    public int? Resolution { get; init; }

    /// <summary>Frames per clip in training.</summary>
    public int NumFrames { get; init; } = 16;

    /// <summary>The guidance weight the model was tuned with.</summary>
    public double GuidanceScale { get; init; } = 1.5;

    /// <summary>The denoising steps the model was tuned with.</summary>
    public int InferenceSteps { get; init; } = 20;

    /// <summary>The configuration of the public 1.5 and 1.6 checkpoints, which differ in resolution only.</summary>
    public static UNetConfig Public(int crossAttentionDim) => new() { CrossAttentionDim = crossAttentionDim };
}
