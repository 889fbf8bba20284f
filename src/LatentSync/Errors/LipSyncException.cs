namespace LatentSync;

/// <summary>
/// The one exception of this library for things that can go wrong in use. The message is one sentence for a person:
/// what failed, on what, and what to do next.
/// </summary>
public sealed class LipSyncException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="code">The kind of failure; also the exit code of the command line.</param>
    /// <param name="sentence">One sentence: what failed, on what, what to do next.</param>
    /// <param name="innerException">The cause, if another exception was.</param>
    public LipSyncException(LipSyncErrorCode code, FormattableString sentence, Exception? innerException = null)
        : base(FormattableString.Invariant(sentence), innerException) => (Code, Sentence) = (code, sentence);

    /// <summary>The kind of failure.</summary>
    public LipSyncErrorCode Code { get; }

    /// <summary>
    /// The message as a template and what goes into it, for programs that say it in their own words or another language.
    /// An argument may be an <see cref="OptionReference"/> or a part of the sentence with arguments of its own.
    /// </summary>
    public FormattableString Sentence { get; }

    /// <summary>The file or folder concerned, if there is one.</summary>
    public string? Path { get; init; }

    /// <summary>More for the log: the last words of ffmpeg, or the list of keys that do not fit. May have many lines.</summary>
    public string? Detail { get; init; }
}
