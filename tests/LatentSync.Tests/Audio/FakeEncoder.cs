using LatentSync.Audio;
using LatentSync.Tensors;

namespace LatentSync.Tests.Audio;

/// <summary>
/// An encoder whose rows can be foretold: layer 0 is the first mel frame of the row, layer 1 the second less 0.5 plus a
/// ramp over the window (as Whisper's absolute positions are) of the given height.
/// </summary>
internal sealed class FakeEncoder(float ramp = 0) : IAudioEncoder
{
    private readonly HashSet<Tensor> _destinations = [];

    public int Width => 3;

    public int LayerCount => 2;

    public int Calls { get; private set; }

    /// <summary>Tensors that were given for the results.</summary>
    public int Destinations => _destinations.Count;

    public void Encode(Tensor mel, Tensor rows)
    {
        mel.RequireShape(nameof(mel), 80, 3000);
        rows.RequireShape(nameof(rows), 1500, LayerCount, Width);
        for (var row = 0; row < 1500; row++)
        {
            for (var i = 0; i < Width; i++)
            {
                rows.Row(row)[i] = mel.Row(i)[2 * row];
                rows.Row(row)[Width + i] = mel.Row(i)[(2 * row) + 1] - 0.5f + (ramp * row / 1500);
            }
        }

        _destinations.Add(rows);
        Calls++;
    }

    /// <summary>[80, frames] with 0.5 t + band at frame t, so that row r of both layers is r + band.</summary>
    public static Tensor RampMel(int frames)
    {
        var mel = new Tensor(80, frames);
        for (var i = 0; i < mel.Length; i++)
        {
            mel.Data[i] = (i % frames * 0.5f) + (i / frames);
        }

        return mel;
    }
}
