using LatentSync.Audio;
using LatentSync.Tensors;

namespace LatentSync.Benchmarks;

/// <summary>Features of the size of Whisper tiny's, all zero.</summary>
internal sealed class SilentEncoder : IAudioEncoder
{
    private const int Rows = 1500;

    public int Width => 384;

    public int LayerCount => 5;

    public Tensor Encode(Tensor mel) => new(Rows, LayerCount, Width);
}
