using LatentSync.Audio;
using LatentSync.Tensors;

namespace LatentSync.GpuBenchmarks;

/// <summary>Features of the size of Whisper tiny's, all zero, for measuring what comes after them.</summary>
internal sealed class SyntheticAudioEncoder : IAudioEncoder
{
    /// <inheritdoc/>
    public int Width => 384;

    /// <inheritdoc/>
    public int LayerCount => 5;

    /// <inheritdoc/>
    public void Encode(Tensor mel, Tensor rows) => rows.Span.Clear();
}
