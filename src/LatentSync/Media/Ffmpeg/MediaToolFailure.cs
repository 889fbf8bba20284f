namespace LatentSync.Media.Ffmpeg;

/// <summary>Turns the end of ffmpeg or ffprobe into the error a person reads.</summary>
internal static class MediaToolFailure
{
    private const int SignalBase = 128;

    /// <summary>ffmpeg failed while reading a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="exitCode">ffmpeg's exit code; 0 when it stopped too early without an error.</param>
    /// <param name="lastWords">ffmpeg's last lines.</param>
    public static LipSyncException Reading(string path, int exitCode, string lastWords) =>
        new(
            LipSyncErrorCode.MediaToolFailed,
            (FormattableString)$"ffmpeg {Fate(exitCode)} while reading \"{path}\"; check that the file plays, then try again."
        )
        {
            Path = path,
            Detail = lastWords,
        };

    /// <summary>What ffmpeg sent is not what it was asked for.</summary>
    /// <param name="path">The file that was read.</param>
    /// <param name="damage">What is wrong with it.</param>
    public static LipSyncException Answer(string path, Exception damage) =>
        new(
            LipSyncErrorCode.MediaToolFailed,
            (FormattableString)$"The frames that ffmpeg reads from \"{path}\" cannot be understood; install another version of ffmpeg.",
            damage
        )
        {
            Path = path,
            Detail = damage.Message,
        };

    /// <summary>ffmpeg failed while writing a file: of no space, of no permission, or for a reason of its own.</summary>
    /// <param name="path">The file the user asked for.</param>
    /// <param name="exitCode">ffmpeg's exit code; 0 when it stopped too early without an error.</param>
    /// <param name="lastWords">ffmpeg's last lines.</param>
    public static LipSyncException Writing(string path, int exitCode, string lastWords)
    {
        (LipSyncErrorCode code, FormattableString message) = lastWords switch
        {
            _ when Says(lastWords, "No space left on device")
                    || Says(lastWords, "Disk quota exceeded")
                    || Says(lastWords, "There is not enough space on the disk") => (
                LipSyncErrorCode.OutputFailed,
                (FormattableString)$"The disk is full while writing \"{path}\"; free some space or choose another folder."
            ),
            _ when Says(lastWords, "File too large") => (
                LipSyncErrorCode.OutputFailed,
                (FormattableString)$"\"{path}\" grew larger than this disk or user may hold; choose another disk or raise the limit."
            ),
            _ when Says(lastWords, "Permission denied") || Says(lastWords, "Read-only file system") => (
                LipSyncErrorCode.OutputFailed,
                (FormattableString)$"\"{path}\" may not be written by this user; choose another folder or change its permissions."
            ),
            _ when Says(lastWords, "Input/output error") => (
                LipSyncErrorCode.OutputFailed,
                (FormattableString)$"The disk failed while writing \"{path}\"; check it or choose another."
            ),
            _ when Says(lastWords, "Unknown encoder") => (
                LipSyncErrorCode.MissingDependency,
                (FormattableString)$"This ffmpeg cannot write \"{path}\" because it lacks an encoder; install a full build of ffmpeg with libx264."
            ),
            _ => (LipSyncErrorCode.MediaToolFailed, (FormattableString)$"ffmpeg {Fate(exitCode)} while writing \"{path}\"; see the detail, then try again."),
        };
        return new LipSyncException(code, message) { Path = path, Detail = lastWords };
    }

    /// <summary>ffmpeg reported that the disk did not take everything, though it may have ended without an error code.</summary>
    public static bool LostOutput(string lastWords) =>
        Says(lastWords, "No space left on device") || Says(lastWords, "File too large") || Says(lastWords, "Input/output error");

    private static FormattableString Fate(int exitCode) =>
        exitCode switch
        {
            0 => $"ended too early",
            > SignalBase when !OperatingSystem.IsWindows() => $"was killed (signal {exitCode - SignalBase})",
            _ => $"failed (exit code {exitCode})",
        };

    private static bool Says(string lastWords, string text) => lastWords.Contains(text, StringComparison.OrdinalIgnoreCase);
}
