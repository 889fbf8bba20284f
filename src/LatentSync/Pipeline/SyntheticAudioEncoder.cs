using LatentSync.Audio;
using LatentSync.Tensors;

namespace LatentSync.Pipeline;

/// <summary>Features of the size of Whisper tiny's, all zero, for measuring what comes after them.</summary>
internal sealed class SyntheticAudioEncoder : IAudioEncoder
{
    private const int Rows = 1500;

    /// <inheritdoc/>
    public int Width => 384;

    /// <inheritdoc/>
    public int LayerCount => 5;

    /// <inheritdoc/>
    public Tensor Encode(Tensor mel) => new(Rows, LayerCount, Width);
}
