namespace LatentSync;

/// <summary>What checking a file of a model found.</summary>
/// <param name="Path">The file.</param>
/// <param name="Sentence">What is wrong with it, as a clause; null if nothing is. See <see cref="LipSyncException.Sentence"/>.</param>
public sealed record ModelFileCheck(string Path, FormattableString? Sentence)
{
    /// <summary>What is wrong with it, in the library's words; null if nothing is.</summary>
    public string? Problem => Sentence is { } sentence ? Invariant(sentence) : null;
}
