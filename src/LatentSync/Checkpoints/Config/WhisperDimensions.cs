using LatentSync.Checkpoints.Tensors;

namespace LatentSync.Checkpoints.Config;

/// <summary>The shape of a Whisper encoder, from the <c>dims</c> that its checkpoint carries.</summary>
/// <param name="MelCount">Mel bands, <c>n_mels</c>.</param>
/// <param name="ContextLength">Rows of the position table, <c>n_audio_ctx</c>.</param>
/// <param name="Width">Channels, <c>n_audio_state</c>.</param>
/// <param name="HeadCount">Attention heads, <c>n_audio_head</c>.</param>
/// <param name="LayerCount">Blocks, <c>n_audio_layer</c>.</param>
internal sealed record WhisperDimensions(int MelCount, int ContextLength, int Width, int HeadCount, int LayerCount)
{
    private const int MaxMelCount = 256;
    private const int MaxContextLength = 1 << 14;
    private const int MaxWidth = 4096;
    private const int MaxLayerCount = 128;

    /// <summary>Reads the dimensions and checks them against the first convolution and the number of blocks.</summary>
    /// <exception cref="LipSyncException">They are absent, out of range, or contradict the weights.</exception>
    public static WhisperDimensions Read(TensorArchive archive)
    {
        var dimensions = new WhisperDimensions(
            Get(archive, "n_mels", MaxMelCount),
            Get(archive, "n_audio_ctx", MaxContextLength),
            Get(archive, "n_audio_state", MaxWidth),
            Get(archive, "n_audio_head", MaxWidth),
            Get(archive, "n_audio_layer", MaxLayerCount)
        );
        var fits =
            dimensions.Width % dimensions.HeadCount == 0
            && archive.Tensors.TryGetValue("encoder.conv1.weight", out var convolution)
            && convolution.Shape is [var width, var mels, _]
            && width == dimensions.Width
            && mels == dimensions.MelCount
            && archive.Tensors.TryGetValue("encoder.positional_embedding", out var positions)
            && positions.Shape is [var rows, _]
            && rows == dimensions.ContextLength
            && HasBlock(archive, dimensions.LayerCount - 1)
            && !HasBlock(archive, dimensions.LayerCount);
        return fits ? dimensions : throw ModelErrors.Damaged(archive.Path, $"its dimensions contradict its weights");
    }

    private static bool HasBlock(TensorArchive archive, int index) => archive.Tensors.ContainsKey(Invariant($"encoder.blocks.{index}.attn.query.weight"));

    private static int Get(TensorArchive archive, string name, int max) =>
        archive.Scalars.GetValueOrDefault("dims." + name) switch
        {
            long value when value >= 1 && value <= max => (int)value,
            null => throw ModelErrors.Refused(
                archive.Path,
                $"does not say its {name}, so it is not a Whisper checkpoint of OpenAI's format; use tiny.pt or small.pt"
            ),
            var other => throw ModelErrors.Damaged(archive.Path, $"its {name} is {ModelErrors.Printable($"{other}")}"),
        };
}
