using LatentSync.Audio;

namespace LatentSync;

/// <summary>
/// Frames and sound to lip-sync in memory: no file is read or written, and ffmpeg is not needed, unless
/// <see cref="FaceChoice.Like"/> names one.
/// </summary>
public sealed record LipSyncFramesRequest
{
    /// <summary>The longest side of a frame, in pixels.</summary>
    public const int LongestSide = 8192;

    // The shortest that has a row of features.
    private const int ShortestSound = 40;
    private const int MillisecondsPerSecond = 1000;

    /// <summary>Pixels per row.</summary>
    public required int Width { get; init; }

    /// <summary>Rows.</summary>
    public required int Height { get; init; }

    /// <summary>Frames of the source, at least 1.</summary>
    public required int Frames { get; init; }

    /// <summary>Frames per second of the source and of the result; 25 if not given, which is what the models see.</summary>
    public FrameRate FrameRate { get; init; } = FrameRate.Model;

    /// <summary>The sound the lips follow.</summary>
    public required LipSyncSound Sound { get; init; }

    /// <summary>
    /// Fills the memory with a frame of the source: RGB, 8 bits each, row by row from the top. Called for one frame after the
    /// other in the order the result shows them, several times for a frame where the source is shorter than the sound.
    /// </summary>
    public required Func<int, Memory<byte>, CancellationToken, ValueTask> Read { get; init; }

    /// <summary>
    /// Takes the frames of the result, one after the other. Frames are read and written at the same time. Required by
    /// <see cref="LipSyncEngine.SyncFramesAsync"/>; <see cref="LipSyncEngine.EnumerateFramesAsync"/> does without.
    /// </summary>
    public Func<LipSyncFrame, CancellationToken, ValueTask>? Write { get; init; }

    /// <summary>Told how many frames the result will have, before the first is read.</summary>
    public Action<int>? Begin { get; init; }

    /// <summary>Whether <see cref="LipSyncFrame.Mask"/> tells where each frame was painted.</summary>
    public bool Masks { get; init; }

    /// <summary>
    /// Told of the faces of a frame whenever people to follow are chosen: at the beginning and after each cut, once where
    /// those who are wanted are not there. Called before that frame is painted, while later ones may be read; null for nobody.
    /// </summary>
    public Action<LipSyncFaces>? Faces { get; init; }

    /// <summary>How to do it.</summary>
    public LipSyncOptions Options { get; init; } = new();

    /// <summary>When the frames are shown.</summary>
    internal FrameTimes Times => FrameTimes.Constant(FrameRate, Frames);

    /// <summary>All that is wrong with the request; empty if nothing is.</summary>
    public IReadOnlyList<OptionMistake> Validate()
    {
        var mistakes = new List<OptionMistake>(Options.Validate());
        if (Width is < 1 or > LongestSide || Height is < 1 or > LongestSide)
        {
            mistakes.Add(new OptionMistake(nameof(Width), Width, $"The frames have {Width}x{Height} pixels; each side must be from 1 to {LongestSide}."));
        }

        if (Frames < 1)
        {
            mistakes.Add(new OptionMistake(nameof(Frames), Frames, $"There is no frame; give at least one."));
        }

        if (FrameRate == default || (Options.Parity && FrameRate != FrameRate.Model))
        {
            mistakes.Add(
                new OptionMistake(
                    nameof(FrameRate),
                    FrameRate,
                    Options.Parity
                        ? $"The frames have {FrameRate} per second, but parity has 25, as the public implementation; leave out parity."
                        : (FormattableString)$"The frame rate is empty; give frames per second."
                )
            );
        }

        if (Sound.Samples.Length < ShortestSound * (long)Sound.SampleRate / MillisecondsPerSecond)
        {
            mistakes.Add(
                new OptionMistake(
                    nameof(Sound),
                    Sound.Samples.Length,
                    $"The sound has {Sound.Samples.Length} samples; it must last at least {ShortestSound} ms."
                )
            );
        }

        if (Sound.SampleRate is < SoundResampler.LowestRate or > SoundResampler.HighestRate)
        {
            mistakes.Add(
                new OptionMistake(
                    nameof(Sound),
                    Sound.SampleRate,
                    $"The sound has {Sound.SampleRate} samples per second; it must be from {SoundResampler.LowestRate} to {SoundResampler.HighestRate}."
                )
            );
        }

        return mistakes;
    }

    /// <summary>Throws one exception with all mistakes.</summary>
    internal void ThrowIfInvalid()
    {
        if (Validate() is { Count: > 0 } mistakes)
        {
            throw OptionMistake.Refuse(LipSyncErrorCode.InvalidInput, mistakes);
        }
    }
}
