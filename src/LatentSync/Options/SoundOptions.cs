namespace LatentSync;

/// <summary>What the mouth does while nobody speaks.</summary>
public sealed record SoundOptions
{
    private const double ShortestQuiet = 0.5;

    /// <summary>What the mouth does while nobody speaks in the sound, by default what the model makes of it.</summary>
    public QuietMouth QuietMouth { get; init; }

    /// <summary>How long, in seconds, nobody must speak before <see cref="QuietMouth"/> counts: 0.5 to 60, default 1.</summary>
    public double QuietAfter { get; init; } = 1;

    internal IEnumerable<OptionMistake> Mistakes()
    {
        if (!Enum.IsDefined(QuietMouth))
        {
            yield return OptionMistake.Of(nameof(QuietMouth), (int)QuietMouth, $"use a value of QuietMouth");
        }

        if (QuietAfter is not (>= ShortestQuiet and <= TimingOptions.LongestPadding))
        {
            yield return OptionMistake.Of(nameof(QuietAfter), QuietAfter, $"it must be from {ShortestQuiet} to {TimingOptions.LongestPadding} seconds");
        }
    }
}
