namespace LatentSync;

/// <summary>How a video is lip-synced, wherever its frames come from.</summary>
public record LipSyncOptions
{
    /// <summary>How clips are denoised.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>Whose mouth is painted.</summary>
    public FaceOptions Faces { get; init; } = new();

    /// <summary>How long the result is.</summary>
    public TimingOptions Timing { get; init; } = new();

    /// <summary>What the mouth does while nobody speaks.</summary>
    public SoundOptions Sound { get; init; } = new();

    /// <summary>
    /// What of a painted face goes back into the frame; default <see cref="PasteArea.Moving"/>. Without effect with
    /// <see cref="Parity"/>, which pastes the whole crop.
    /// </summary>
    public PasteArea Paste { get; init; }

    /// <summary>
    /// Makes it an error if the chosen face is missing or turned away in a frame and no bridge covers it, or if an input is
    /// broken off or damaged; nothing is written then.
    /// </summary>
    public bool Strict { get; init; }

    /// <summary>
    /// Reproduces the public Python implementation, with its known faults: whole-pixel landmarks, a cut in the audio
    /// features every 30 s, the whole crop pasted back, a frame or two more than the sound has,
    /// the largest face of each frame without regard to cuts and gaps; <see cref="FaceOptions.BridgeFrames"/> has no effect then.
    /// </summary>
    public bool Parity { get; init; }

    /// <summary>All that is wrong with the options; empty if nothing is.</summary>
    public virtual IReadOnlyList<OptionMistake> Validate() =>
        [.. Sampling.Mistakes(), .. Faces.Mistakes(), .. Timing.Mistakes(), .. Sound.Mistakes(), .. ParityMistakes()];

    private IEnumerable<OptionMistake> ParityMistakes()
    {
        if (!Parity)
        {
            yield break;
        }

        var parity = new OptionReference(nameof(Parity));
        if (Faces.Face != FaceChoice.Largest)
        {
            var face = new OptionReference(nameof(FaceOptions.Face));
            yield return Mistake($"{parity} takes the largest face of each frame, as the public implementation does; leave out {face} or {parity}.");
        }

        if (Sound.QuietMouth != QuietMouth.Model)
        {
            var quiet = new OptionReference(nameof(SoundOptions.QuietMouth));
            yield return Mistake($"{parity} hears what the public implementation hears; leave out {quiet} or {parity}.");
        }

        if (Sampling.Sampler != Sampler.Ddim)
        {
            var sampler = new OptionReference(nameof(SamplingOptions.Sampler));
            yield return Mistake($"{parity} samples with DDIM, as the public implementation does; leave out {sampler} or {parity}.");
        }

        if (Sampling is not { GuidanceFrom: 0, GuidanceTo: 1 })
        {
            var (from, to) = (new OptionReference(nameof(SamplingOptions.GuidanceFrom)), new OptionReference(nameof(SamplingOptions.GuidanceTo)));
            yield return Mistake($"{parity} guides every step, as the public implementation does; leave out {from} and {to}, or {parity}.");
        }

        if (Timing != new TimingOptions())
        {
            var (length, loop) = (new OptionReference(nameof(Timing.Length), "audio"), new OptionReference(nameof(Timing.Loop), "pingpong"));
            var padding = new OptionReference(nameof(Timing.SilentPadding));
            yield return Mistake($"{parity} has the reference's length, which is {length} with {loop} and no {padding}; leave these out.");
        }

        OptionMistake Mistake(FormattableString sentence) => new(nameof(Parity), Parity, sentence);
    }
}
