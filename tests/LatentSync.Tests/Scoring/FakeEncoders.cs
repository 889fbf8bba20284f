using LatentSync.Scoring;
using LatentSync.Tensors;

namespace LatentSync.Tests.Scoring;

/// <summary>
/// Reads a number from each window and makes it a direction on the quarter circle: the red of a window's first pixel, and
/// the first mel value. Equal numbers give equal directions.
/// </summary>
internal sealed class FakeEncoders : IWindowEncoders
{
    /// <summary>How many windows of sound were encoded.</summary>
    public int SoundWindows { get; private set; }

    /// <summary>How many windows came at a time, at the most.</summary>
    public int LargestBatch { get; private set; }

    public Tensor EncodeFaces(Tensor windows, CancellationToken cancellationToken) => Encode(windows, first => (first + 1) / 2);

    public Tensor EncodeSound(Tensor windows, CancellationToken cancellationToken)
    {
        SoundWindows += windows.Shape[0];
        return Encode(windows, first => first);
    }

    public void Dispose() { }

    private Tensor Encode(Tensor windows, Func<float, float> toShare)
    {
        LargestBatch = Math.Max(LargestBatch, windows.Shape[0]);
        var embeddings = new Tensor(windows.Shape[0], 2);
        for (var i = 0; i < windows.Shape[0]; i++)
        {
            var (sine, cosine) = MathF.SinCos(toShare(windows.Row(i)[0]) * MathF.PI / 2);
            (embeddings.Row(i)[0], embeddings.Row(i)[1]) = (cosine, sine);
        }

        return embeddings;
    }
}
