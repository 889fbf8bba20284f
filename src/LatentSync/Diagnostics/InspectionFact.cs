namespace LatentSync;

/// <summary>Something that is known of a file or folder, such as its container.</summary>
/// <param name="Title">What it is about; see <see cref="LipSyncException.Sentence"/>.</param>
/// <param name="Sentence">What it is; likewise.</param>
public sealed record InspectionFact(FormattableString Title, FormattableString Sentence)
{
    /// <summary>The title in the library's words, such as <c>container</c>.</summary>
    public string Name => Invariant(Title);

    /// <summary>The sentence in the library's words, such as <c>matroska,webm</c>.</summary>
    public string Value => Invariant(Sentence);
}
