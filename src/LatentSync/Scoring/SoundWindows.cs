using LatentSync.Networks.SyncNet;
using LatentSync.Tensors;

namespace LatentSync.Scoring;

/// <summary>
/// The embeddings of a sound's windows, one per video frame, made as they are asked for. Those between two that are asked
/// for may be skipped; of the others the last ones are kept. One thread at a time.
/// </summary>
/// <param name="mel">[frames, 80] at 80 frames per second.</param>
/// <param name="encoders">The networks.</param>
/// <param name="lookBack">How far one may ask for windows before the last one asked for.</param>
internal sealed class SoundWindows(Tensor mel, IWindowEncoders encoders, int lookBack)
{
    private const int BatchSize = 8;

    // 80 mel frames and 25 video frames per second; the fraction is cut off.
    private const int MelFramesPer5VideoFrames = 16;

    // A batch is made ahead of what is asked for.
    private readonly float[][] _embeddings = new float[lookBack + BatchSize + 1][];
    private int _made;

    /// <summary>Windows that lie in the sound as a whole.</summary>
    public int Count { get; } = CountIn(mel.Shape[0]);

    /// <summary>The mel frame at which the window of a video frame begins.</summary>
    public static int Start(int frame) => (int)((long)frame * MelFramesPer5VideoFrames / 5);

    /// <summary>The embedding of a window.</summary>
    /// <param name="frame">The video frame it begins with, below <see cref="Count"/>.</param>
    /// <param name="cancellationToken">Stops the network.</param>
    public float[] this[int frame, CancellationToken cancellationToken]
    {
        get
        {
            if (frame >= _made)
            {
                _made = frame;
                Encode(Math.Min(BatchSize, Count - frame), cancellationToken);
            }

            return _embeddings[frame % _embeddings.Length];
        }
    }

    private static int CountIn(int melFrames)
    {
        var count = 0;
        while (Start(count) + SyncNetEncoder.MelFrames <= melFrames)
        {
            count++;
        }

        return count;
    }

    private void Encode(int count, CancellationToken cancellationToken)
    {
        var windows = new Tensor(count, 1, SyncNetEncoder.MelBands, SyncNetEncoder.MelFrames);
        for (var i = 0; i < count; i++)
        {
            CopyWindow(Start(_made + i), windows.Row(i));
        }

        var embeddings = encoders.EncodeSound(windows, cancellationToken);
        for (var i = 0; i < count; i++, _made++)
        {
            _embeddings[_made % _embeddings.Length] = embeddings.Row(i).ToArray();
        }
    }

    /// <summary>Frame-major to band-major.</summary>
    private void CopyWindow(int start, Span<float> window)
    {
        for (var frame = 0; frame < SyncNetEncoder.MelFrames; frame++)
        {
            var bands = mel.Row(start + frame);
            for (var band = 0; band < bands.Length; band++)
            {
                window[(band * SyncNetEncoder.MelFrames) + frame] = bands[band];
            }
        }
    }
}
