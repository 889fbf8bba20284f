using LatentSync.Audio;
using LatentSync.Tensors;

namespace LatentSync.EndToEndTests.Pipeline;

/// <summary>An audio encoder whose rows tell the loudness that was heard.</summary>
internal sealed class TellingEncoder : IAudioEncoder
{
    public int Width => 1;

    public int LayerCount => 1;

    public void Encode(Tensor mel, Tensor rows)
    {
        for (var row = 0; row < rows.Shape[0]; row++)
        {
            rows.Row(row)[0] = mel.Row(10)[2 * row] + mel.Row(40)[2 * row];
        }
    }
}
