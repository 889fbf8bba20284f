using LatentSync.Audio;
using LatentSync.Tensors;

namespace LatentSync.Pipeline.Analysis;

/// <summary>Stands in for Whisper while the video is only looked at.</summary>
internal sealed class DeafEncoder : IAudioEncoder
{
    /// <inheritdoc/>
    public int Width => 1;

    /// <inheritdoc/>
    public int LayerCount => 1;

    /// <summary>Hears nothing.</summary>
    public void Encode(Tensor mel, Tensor rows) => rows.Span.Clear();
}
