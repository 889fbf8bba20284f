using LatentSync.Audio;
using LatentSync.Tensors;

namespace LatentSync.EndToEndTests.Pipeline;

/// <summary>An audio encoder that hears nothing.</summary>
internal sealed class DeafEncoder : IAudioEncoder
{
    public int Width => 4;

    public int LayerCount => 1;

    public void Encode(Tensor mel, Tensor rows) => rows.Span.Clear();
}
