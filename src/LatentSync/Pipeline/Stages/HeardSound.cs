using LatentSync.Audio;

namespace LatentSync.Pipeline.Stages;

/// <summary>What a job takes from its sound.</summary>
/// <param name="Audio">What the model hears at each of its frames.</param>
/// <param name="Quiet">Where the mouths of the source come back because nobody speaks; null for nowhere.</param>
/// <param name="Schedule">How many frames the result has, and which frame of the source each of them shows.</param>
internal sealed record HeardSound(FrameAudio Audio, QuietSpans? Quiet, FrameSchedule Schedule)
{
    /// <summary>Where nobody speaks, if that was looked for.</summary>
    public QuietSpans? Pauses { get; init; }
}
