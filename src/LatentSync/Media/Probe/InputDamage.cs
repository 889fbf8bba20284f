using LatentSync.Media.Formats;

namespace LatentSync.Media.Probe;

/// <summary>
/// What is wrong with an input that was read all the same. ffmpeg conceals damage and continues, so its complaints, and a header
/// that promises more than came, are the only signs.
/// </summary>
/// <param name="Path">The file.</param>
/// <param name="End">Where it ended, or how far it was read.</param>
/// <param name="Expected">How long it says that it is, if it is broken off; null if it is not, or does not say.</param>
/// <param name="IsBrokenOff">The end is missing.</param>
/// <param name="Complaints">ffmpeg's last words.</param>
internal sealed record InputDamage(string Path, TimeSpan End, TimeSpan? Expected, bool IsBrokenOff, string Complaints)
{
    // Headers round, and count the frames that a cut by edit list hides.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(0.25);

    private static readonly string[] EndWords = ["ended prematurely", "partial file", "Truncated", "truncated", "End of file"];

    private FormattableString What =>
        this switch
        {
            { IsBrokenOff: true, Expected: { } expected } =>
                $"\"{Path}\" is broken off: it ends at {End.TotalSeconds:0.##} s, though it says that it lasts {expected.TotalSeconds:0.##} s",
            { IsBrokenOff: true } => $"\"{Path}\" is broken off: it ends at {End.TotalSeconds:0.##} s",
            _ => $"\"{Path}\" is damaged: ffmpeg met errors in its first {End.TotalSeconds:0.##} s and continued",
        };

    /// <summary>For a user who gets a result.</summary>
    public FormattableString Notice => $"{What}; look at the result, or copy the file again.";

    /// <summary>For a user who asked for an error.</summary>
    public LipSyncException Error =>
        new(LipSyncErrorCode.InvalidInput, $"{What}; copy the file again, or leave out {new OptionReference("Strict")} to use what is there.")
        {
            Path = Path,
            Detail = Complaints,
        };

    /// <summary>What is wrong, if anything.</summary>
    /// <param name="path">The file.</param>
    /// <param name="formatName">ffmpeg's name of its container.</param>
    /// <param name="end">Where it ended, or how far it was read.</param>
    /// <param name="hasEnded">Reading reached the end.</param>
    /// <param name="expected">How long its header says that it is; null if it does not say.</param>
    /// <param name="complaints">ffmpeg's last words.</param>
    public static InputDamage? Of(string path, string formatName, TimeSpan end, bool hasEnded, TimeSpan? expected, string complaints)
    {
        var isShort = hasEnded && IsTold(formatName) && expected is { } length && end + Tolerance < length;
        var isCut = isShort || (hasEnded && (RiffLength.IsMissingBytes(path) || EndWords.Any(word => complaints.Contains(word, StringComparison.Ordinal))));
        return isCut || complaints.Length > 0 ? new InputDamage(path, end, isShort ? expected : null, isCut, complaints) : null;
    }

    /// <summary>Whether a container says how long it is; of others ffmpeg guesses by size and bit rate.</summary>
    private static bool IsTold(string formatName) =>
        formatName.Split(',')[0] is "mov" or "matroska" or "avi" or "flac" or "aiff" or "mxf" or "asf" or "tta" or "ape" or "wv";
}
