using LatentSync.Checkpoints.Tensors;

namespace LatentSync.Networks.SyncNet;

/// <summary>
/// One of the two encoders of StableSyncNet (arXiv 2412.09262; configs/syncnet/syncnet_16_pixel_attn.yaml of the public
/// repository). Input sizes and down-sampling are fixed, so that the map ends as a single pixel; channels and attention
/// are read from the checkpoint.
/// </summary>
/// <param name="Name">What the names of its weights begin with.</param>
/// <param name="InChannels">Channels of the input.</param>
/// <param name="Height">Rows of the input.</param>
/// <param name="Width">Columns of the input.</param>
/// <param name="Blocks">Its levels.</param>
internal sealed record SyncNetEncoder(string Name, int InChannels, int Height, int Width, IReadOnlyList<SyncNetBlock> Blocks)
{
    /// <summary>Frames of a window: 0.64 s at 25 per second.</summary>
    public const int WindowFrames = 16;

    /// <summary>Width and height of the aligned faces; the encoder sees the lower half.</summary>
    public const int FaceSize = 256;

    /// <summary>Mel bands.</summary>
    public const int MelBands = 80;

    /// <summary>Mel frames of a window: 16 / 5 per video frame, rounded up.</summary>
    public const int MelFrames = 52;

    /// <summary>Groups of every group norm.</summary>
    public const int NormGroups = 32;

    private const int ColorChannels = 3;
    private const int MostChannels = 8192;
    private const string Advice = "use stable_syncnet.pt of ByteDance/LatentSync-1.6";

    private static readonly Downsampling[] VisualDownsampling = [new(1, 2), new(2, 2), new(2, 2), new(2, 2), new(2, 2), new(2, 2), new(2, 2), new(2, 2)];
    private static readonly Downsampling[] AudioDownsampling = [new(2, 1), new(2, 2), new(2, 2), new(1, 1), new(2, 2), new(2, 2), new(2, 3)];

    /// <summary>Numbers of an embedding.</summary>
    public int EmbeddingWidth => Blocks[^1].Channels;

    /// <summary>The encoder of 16 lower halves of faces, [48, 128, 256].</summary>
    /// <exception cref="LipSyncException">The checkpoint is of another network or another kind of SyncNet.</exception>
    public static SyncNetEncoder Visual(TensorArchive archive) =>
        Read(archive, "visual_encoder", WindowFrames * ColorChannels, FaceSize / 2, FaceSize, VisualDownsampling);

    /// <summary>The encoder of the mel spectrogram, [1, 80, 52].</summary>
    /// <exception cref="LipSyncException">The checkpoint is of another network or another kind of SyncNet.</exception>
    public static SyncNetEncoder Audio(TensorArchive archive) => Read(archive, "audio_encoder", 1, MelBands, MelFrames, AudioDownsampling);

    private static SyncNetEncoder Read(TensorArchive archive, string name, int inChannels, int height, int width, Downsampling[] downsampling)
    {
        if (!archive.Tensors.TryGetValue(name + ".conv_in.weight", out var first) || first.Shape is not [_, var stored, _, _])
        {
            throw ModelErrors.Refused(archive.Path, $"is not a checkpoint of LatentSync's SyncNet; {Advice}");
        }

        if (stored != inChannels)
        {
            throw ModelErrors.Refused(archive.Path, $"is a SyncNet of another kind, whose {name} takes {stored} channels instead of {inChannels}; {Advice}");
        }

        var blocks = new List<SyncNetBlock>();
        for (var index = 0; ResnetChannels(archive, name, index) is { } channels; index++)
        {
            var hasAttention = archive.Tensors.ContainsKey(Invariant($"{name}.down_blocks.{index + 1}.attn.to_q.weight"));
            blocks.Add(new SyncNetBlock(channels, blocks.Count < downsampling.Length ? downsampling[blocks.Count] : default, hasAttention));
            index += hasAttention ? 1 : 0;
        }

        return blocks.Count == downsampling.Length
            ? new SyncNetEncoder(name, inChannels, height, width, blocks)
            : throw ModelErrors.Refused(
                archive.Path,
                $"is a SyncNet of another kind, whose {name} has {blocks.Count} levels instead of {downsampling.Length}; {Advice}"
            );
    }

    private static int? ResnetChannels(TensorArchive archive, string name, int index)
    {
        if (!archive.Tensors.TryGetValue(Invariant($"{name}.down_blocks.{index}.conv1.weight"), out var weight) || weight.Shape is not [var channels, _, _, _])
        {
            return null;
        }

        return channels is > 0 and <= MostChannels && channels % NormGroups == 0
            ? (int)channels
            : throw ModelErrors.Refused(archive.Path, $"is a SyncNet of another kind, whose {name} has a level of {channels} channels; {Advice}");
    }
}
