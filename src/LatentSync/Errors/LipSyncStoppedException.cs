using System.Diagnostics.CodeAnalysis;

namespace LatentSync;

/// <summary>A cancelled job of which something is kept: the same request resumes from there.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Only the library throws it, with all it says.")]
public sealed class LipSyncStoppedException : OperationCanceledException
{
    internal LipSyncStoppedException(FormattableString sentence, string folder, TimeSpan kept, OperationCanceledException cause)
        : base(FormattableString.Invariant(sentence), cause, cause.CancellationToken) => (Sentence, Folder, Kept) = (sentence, folder, kept);

    /// <summary>What is kept and how to resume; see <see cref="LipSyncException.Sentence"/>.</summary>
    public FormattableString Sentence { get; }

    /// <summary>Where the finished parts are.</summary>
    public string Folder { get; }

    /// <summary>How much of the result is finished.</summary>
    public TimeSpan Kept { get; }
}
