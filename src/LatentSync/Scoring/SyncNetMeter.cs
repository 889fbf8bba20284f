using LatentSync.Imaging;
using LatentSync.Tensors;

namespace LatentSync.Scoring;

/// <summary>
/// Compares the faces of a video with a sound while the frames go by. Its memory does not grow with the video but for one
/// number per frame.
/// </summary>
/// <param name="encoders">The networks; not disposed of.</param>
/// <param name="mel">SyncNet's mel spectrogram of the whole sound, [frames, 80].</param>
/// <param name="step">Frames from one window of faces to the next.</param>
internal sealed class SyncNetMeter(IWindowEncoders encoders, Tensor mel, int step)
{
    // 25 MB of faces at a time; one by one, the networks would spend their time reading weights.
    private const int BatchSize = 4;

    // Above this the public evaluation of SyncNet's accuracy takes faces and sound as belonging together.
    private const double InSyncSimilarity = 0.5;

    private readonly FaceWindows _faces = new();
    private readonly SoundWindows _sound = new(mel, encoders, 2 * OffsetDistances.Range);
    private readonly OffsetDistances _distances = new();
    private readonly List<int> _waiting = [];
    private readonly List<double> _similarities = [];
    private readonly Tensor _batch = new([BatchSize, .. FaceWindows.Shape]);

    /// <summary>Takes the next frame.</summary>
    /// <param name="face">The aligned face, 256 pixels square; null if the frame has none.</param>
    /// <param name="cancellationToken">Stops the networks.</param>
    public void Add(RgbImage? face, CancellationToken cancellationToken)
    {
        _similarities.Add(double.NaN);
        if (_faces.Add(face) is not { } start || start % step != 0)
        {
            return;
        }

        _faces.CopyTo(_batch.Row(_waiting.Count));
        _waiting.Add(start);
        if (_waiting.Count == BatchSize)
        {
            Compare(cancellationToken);
        }
    }

    /// <summary>The result, after the last frame.</summary>
    public SyncNetScore Finish(CancellationToken cancellationToken)
    {
        Compare(cancellationToken);
        var known = _similarities.Where(value => !double.IsNaN(value)).ToList();
        return new SyncNetScore
        {
            Windows = known.Count,
            OffsetFrames = _distances.Best,
            Confidence = _distances.Confidence,
            Similarity = known.Count > 0 ? known.Average() : null,
            InSync = known.Count > 0 ? (double)known.Count(value => value > InSyncSimilarity) / known.Count : null,
            Distances = _distances.Means,
            Similarities = _similarities,
        };
    }

    private void Compare(CancellationToken cancellationToken)
    {
        if (_waiting.Count == 0)
        {
            return;
        }

        var windows =
            _waiting.Count == BatchSize
                ? _batch
                : new Tensor(_batch.Span[..(_waiting.Count * _batch.Row(0).Length)].ToArray(), [_waiting.Count, .. FaceWindows.Shape]);
        var embeddings = encoders.EncodeFaces(windows, cancellationToken);
        for (var i = 0; i < _waiting.Count; i++)
        {
            CompareOne(_waiting[i], embeddings.Row(i), cancellationToken);
        }

        _waiting.Clear();
    }

    private void CompareOne(int start, ReadOnlySpan<float> faces, CancellationToken cancellationToken)
    {
        // From the first window of sound to the last, as they are made in this order.
        for (var offset = OffsetDistances.Range; offset >= -OffsetDistances.Range; offset--)
        {
            var sound = start - offset;
            if (sound < 0 || sound >= _sound.Count)
            {
                continue;
            }

            var embedding = _sound[sound, cancellationToken];
            _distances.Add(offset, faces, embedding);
            if (offset == 0)
            {
                _similarities[start] = TensorPrimitives.Dot(faces, embedding);
            }
        }
    }
}
