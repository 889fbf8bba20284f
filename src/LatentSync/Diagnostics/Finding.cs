namespace LatentSync;

/// <summary>One thing that was looked for on this machine.</summary>
/// <param name="Part">What it is.</param>
/// <param name="Found">Whether it is there and works.</param>
/// <param name="Required">Whether nothing runs without it.</param>
/// <param name="Sentence">The version and place, or what is wrong and how to get it; see <see cref="LipSyncException.Sentence"/>.</param>
public sealed record Finding(string Part, bool Found, bool Required, FormattableString Sentence)
{
    /// <summary>The sentence in the library's words.</summary>
    public string Text => Invariant(Sentence);
}
