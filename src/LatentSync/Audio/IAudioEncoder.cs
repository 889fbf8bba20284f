using LatentSync.Tensors;

namespace LatentSync.Audio;

/// <summary>A Whisper encoder with all its hidden states.</summary>
internal interface IAudioEncoder
{
    /// <summary>Values of one hidden state: 384 for Whisper tiny, 768 for small.</summary>
    int Width { get; }

    /// <summary>Hidden states per row: the input of the first block (positions added) and the output of every block.</summary>
    int LayerCount { get; }

    /// <summary>Encodes one window of 30 s.</summary>
    /// <param name="mel">[80, 3000], log-mel as <see cref="LogMel"/> gives it; zeros after the end of the sound.</param>
    /// <param name="rows">Receives [1500, <see cref="LayerCount"/>, <see cref="Width"/>]: 50 rows per second.</param>
    void Encode(Tensor mel, Tensor rows);
}
