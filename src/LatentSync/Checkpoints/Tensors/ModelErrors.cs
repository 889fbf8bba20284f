namespace LatentSync.Checkpoints.Tensors;

/// <summary>The sentences for model files that cannot be used.</summary>
internal static class ModelErrors
{
    private const int LongestQuote = 120;

    /// <summary>A file whose bytes contradict its format.</summary>
    /// <param name="path">The file.</param>
    /// <param name="problem">What is wrong, as a clause without a full stop.</param>
    /// <param name="cause">The exception that told, if one did.</param>
    public static LipSyncException Damaged(string path, FormattableString problem, Exception? cause = null) =>
        Create(path, $"The model file \"{path}\" is damaged: {problem}; download it again.", cause);

    /// <summary>A file that is well formed but is refused.</summary>
    /// <param name="path">The file.</param>
    /// <param name="sentence">The rest of the sentence after the file's name: what it does, and what to do next, without a full stop.</param>
    public static LipSyncException Refused(string path, FormattableString sentence) => Create(path, $"The model file \"{path}\" {sentence}.", cause: null);

    /// <summary>Any other sentence about a model file or folder.</summary>
    public static LipSyncException Create(string path, FormattableString message, Exception? cause = null, string? detail = null) =>
        new(LipSyncErrorCode.InvalidModel, message, cause) { Path = path, Detail = detail };

    /// <summary>
    /// Text from a file, fit for a message: control characters replaced, so that a hostile name cannot drive the
    /// terminal, and cut to a readable length.
    /// </summary>
    public static string Printable(string text)
    {
        var cut = text.Length > LongestQuote ? string.Concat(text.AsSpan(0, LongestQuote), "...") : text;
        return string.Create(cut.Length, cut, static (target, source) =>
        {
            for (var i = 0; i < target.Length; i++)
            {
                target[i] = char.IsControl(source[i]) || char.GetUnicodeCategory(source[i]) == UnicodeCategory.Format ? '?' : source[i];
            }
        });
    }
}
