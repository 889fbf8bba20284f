namespace LatentSync.Audio;

/// <summary>
/// What the UNet hears at each frame of the 25 fps video: the ten rows of features around the frame, from 80 ms before
/// to 100 ms after, as tokens. Reading forward is cheap; any order is correct. Not thread-safe.
/// </summary>
internal sealed class FrameAudio
{
    /// <summary>Frames per second of the video the model sees.</summary>
    public const int FramesPerSecond = FrameSchedule.FramesPerSecond;

    /// <summary>Rows of features that a frame hears.</summary>
    public const int RowsPerContext = 10;

    private const int RowsPerFrame = WindowedFeatures.RowsPerSecond / FramesPerSecond;
    private const int RowsBefore = 4;

    private readonly WindowedFeatures _features;

    /// <summary>Frames over given features.</summary>
    public FrameAudio(WindowedFeatures features, int frameCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(frameCount);
        _features = features;
        FrameCount = frameCount;
    }

    /// <summary>Frames that can be heard: those of the sound, or more than any video has where silence follows.</summary>
    public int FrameCount { get; }

    /// <summary>Tokens of a frame: ten rows of all hidden states, 50 for Whisper tiny.</summary>
    public int TokenCount => RowsPerContext * _features.LayerCount;

    /// <summary>Values of a token.</summary>
    public int Width => _features.Width;

    /// <summary>The frames of a sound.</summary>
    /// <param name="samples">16 kHz mono, not empty.</param>
    /// <param name="encoder">Used when frames are read, so it must live as long.</param>
    /// <param name="parity">
    /// True gives the numbers and the frame count of the public LatentSync code: a cut every 30 s, and a frame or two
    /// beyond the end of the sound.
    /// </param>
    /// <param name="thenSilence">
    /// After the sound comes silence without end, so that the mouth rests; else the last row of the sound is repeated.
    /// </param>
    /// <param name="muted">Where the model is to hear silence; null for nowhere.</param>
    public static FrameAudio Create(ReadOnlySpan<short> samples, IAudioEncoder encoder, bool parity, bool thenSilence = false, QuietSpans? muted = null)
    {
        var mel = LogMel.Compute(samples);
        float? silence = thenSilence ? LogMel.Silence(mel) : null;
        muted?.Mute(mel, LogMel.Silence(mel));
        var features = new WindowedFeatures(mel, encoder, parity ? WindowPlan.Disjoint : WindowPlan.Overlapping, silence);
        return new FrameAudio(
            features,
            thenSilence ? features.RowCount / RowsPerFrame
                : parity ? CountReferenceFrames(features.RowCount)
                : CountFrames(samples.Length)
        );
    }

    /// <summary>The fewest frames that last as long as the sound.</summary>
    public static int CountFrames(int samples) => FrameSchedule.CountFrames(samples, LogMel.SampleRate);

    /// <summary>The frames of the public code, which stops after the first frame whose centre row is beyond the end.</summary>
    public static int CountReferenceFrames(int rows) => (rows / RowsPerFrame) + 2;

    /// <summary>
    /// Writes the tokens of one frame, [10 * (layers + 1), width], rows in time order and the hidden states of a row
    /// together. Rows before the start and after the end of the sound repeat its first and last row.
    /// </summary>
    public void CopyFrame(int frame, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(frame);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(frame, FrameCount);
        var rowLength = _features.LayerCount * Width;
        var first = (frame * RowsPerFrame) - RowsBefore;
        for (var i = 0; i < RowsPerContext; i++)
        {
            _features.CopyRow(Math.Clamp(first + i, 0, _features.RowCount - 1), destination.Slice(i * rowLength, rowLength));
        }
    }
}
