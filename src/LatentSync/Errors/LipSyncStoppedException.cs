using System.Diagnostics.CodeAnalysis;

namespace LatentSync;

/// <summary>A cancelled job of which something is kept: the same request resumes from there.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Only the library throws it, with all it says.")]
public sealed class LipSyncStoppedException : OperationCanceledException
{
    internal LipSyncStoppedException(string message, string folder, TimeSpan kept, OperationCanceledException cause)
        : base(message, cause, cause.CancellationToken) => (Folder, Kept) = (folder, kept);

    /// <summary>Where the finished parts are.</summary>
    public string Folder { get; }

    /// <summary>How much of the result is finished.</summary>
    public TimeSpan Kept { get; }
}
