using LatentSync.Tensors;

namespace LatentSync.Audio;

/// <summary>
/// The parts of a sound in which nobody speaks for longer than a given time, whatever else is heard. Their ends lie a
/// moment inside the pause: lips close after the last sound and part before the next.
/// </summary>
internal sealed class QuietSpans
{
    /// <summary>Somebody begins to speak at this probability, and has stopped below the lower one; the values of Silero's own examples.</summary>
    public const float Speech = 0.5f;

    /// <inheritdoc cref="Speech"/>
    public const float Pause = 0.35f;

    private const int MelFramesPerSecond = LogMel.SampleRate / LogMel.HopLength;
    private const int MelFramesPerFrame = MelFramesPerSecond / FrameSchedule.FramesPerSecond;

    // 0.2 s at either end, and 0.1 s in which the sound fades.
    private const int Margin = MelFramesPerSecond / 5;
    private const int Fade = MelFramesPerSecond / 10;

    // Mouths fade over as many frames as around missing faces.
    private const int FadeFrames = 3;

    private readonly List<(int Start, int End)> _spans = [];

    /// <summary>The spans, in hundredths of a second, the end exclusive; int.MaxValue where nobody speaks any more.</summary>
    public IReadOnlyList<(int Start, int End)> Spans => _spans;

    /// <summary>Finds the spans.</summary>
    /// <param name="probabilities">Of speech, one for each <see cref="VoiceActivityModel.ChunkSamples"/> samples.</param>
    /// <param name="shortest">Seconds of a pause that counts.</param>
    /// <param name="thenSilence">Silence without end follows; else the last pause is as long as the sound lets it be.</param>
    public static QuietSpans Find(ReadOnlySpan<float> probabilities, double shortest, bool thenSilence)
    {
        var quiet = new QuietSpans();
        var (start, speaks) = (0, false);
        for (var chunk = 0; chunk < probabilities.Length; chunk++)
        {
            if (!speaks && probabilities[chunk] >= Speech)
            {
                quiet.Add(start, chunk, shortest, isLast: false);
                speaks = true;
            }
            else if (speaks && probabilities[chunk] < Pause)
            {
                (start, speaks) = (chunk, false);
            }
        }

        start = speaks ? probabilities.Length : start;
        if (thenSilence || !speaks)
        {
            quiet.Add(start, thenSilence ? int.MaxValue : probabilities.Length, shortest, isLast: true);
        }

        return quiet;
    }

    /// <summary>How much of a painted mouth shows at a frame of the model: 1 where somebody speaks, 0 inside a span.</summary>
    public float Weight(int frame)
    {
        var centre = frame * MelFramesPerFrame;
        foreach (var (start, end) in _spans)
        {
            if (centre >= start && centre < end)
            {
                var inside = Math.Min(start == 0 ? int.MaxValue : centre - start, end == int.MaxValue ? int.MaxValue : end - 1 - centre) / MelFramesPerFrame;
                return Math.Max(0, 1 - ((inside + 1f) / (FadeFrames + 1)));
            }
        }

        return 1;
    }

    /// <summary>Puts silence into the spans of a spectrogram.</summary>
    /// <param name="mel">[80, frames]; changed.</param>
    /// <param name="silence">The value of silence, from <see cref="LogMel.Silence"/>.</param>
    public void Mute(Tensor mel, float silence)
    {
        foreach (var (start, end) in _spans)
        {
            for (var t = start; t < Math.Min(end, mel.Shape[1]); t++)
            {
                var share = Math.Min(1, (Math.Min(start == 0 ? Fade : t - start, end >= mel.Shape[1] ? Fade : end - 1 - t) + 1f) / Fade);
                for (var band = 0; band < mel.Shape[0]; band++)
                {
                    ref var value = ref mel.Data[(band * mel.Shape[1]) + t];
                    value += share * (silence - value);
                }
            }
        }
    }

    private void Add(int startChunk, int endChunk, double shortest, bool isLast)
    {
        var (start, end) = (MelFrame(startChunk), endChunk == int.MaxValue ? int.MaxValue : MelFrame(endChunk));
        if (end - start < shortest * MelFramesPerSecond)
        {
            return;
        }

        start += startChunk == 0 ? 0 : Margin;
        end = isLast ? int.MaxValue : end - Margin;
        if (end > start)
        {
            _spans.Add((start, end));
        }
    }

    private static int MelFrame(int chunk) => (int)((long)chunk * VoiceActivityModel.ChunkSamples / LogMel.HopLength);
}
