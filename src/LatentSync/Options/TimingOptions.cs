namespace LatentSync;

/// <summary>How long the result is, and what the video does when it is shorter than the sound.</summary>
public sealed record TimingOptions
{
    internal const int LongestPadding = 60;

    /// <summary>What decides how long the result is, by default the sound.</summary>
    public LipSyncLength Length { get; init; }

    /// <summary>What the video does when it ends before the sound, by default <see cref="LipSyncLoop.PingPong"/>.</summary>
    public LipSyncLoop Loop { get; init; }

    /// <summary>Seconds of silence after the sound, during which the video continues with a resting mouth: 0 to 60, default 0.</summary>
    public double SilentPadding { get; init; }

    internal IEnumerable<OptionMistake> Mistakes()
    {
        if (!Enum.IsDefined(Length))
        {
            yield return OptionMistake.Of(nameof(Length), (int)Length, $"use a value of LipSyncLength");
        }

        if (!Enum.IsDefined(Loop))
        {
            yield return OptionMistake.Of(nameof(Loop), (int)Loop, $"use a value of LipSyncLoop");
        }

        if (SilentPadding is not (>= 0 and <= LongestPadding))
        {
            yield return OptionMistake.Of(nameof(SilentPadding), SilentPadding, $"it must be from 0 to {LongestPadding} seconds");
        }

        if (Length == LipSyncLength.Video && SilentPadding > 0)
        {
            var (padding, length) = (new OptionReference(nameof(SilentPadding)), new OptionReference(nameof(Length), "video"));
            yield return new OptionMistake(
                nameof(SilentPadding),
                SilentPadding,
                $"{padding} has no place with {length}, where silence follows the sound anyway; leave one of them out."
            );
        }
    }
}
