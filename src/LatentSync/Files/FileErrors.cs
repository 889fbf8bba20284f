namespace LatentSync.Files;

/// <summary>The errors of files that the program keeps for itself.</summary>
internal static class FileErrors
{
    /// <summary>A file operation that failed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="done">What it could not be: "read", "written".</param>
    /// <param name="cause">The reason.</param>
    public static LipSyncException Disk(string path, FormattableString done, Exception cause)
    {
        var reason = cause.Message.TrimEnd('.');
        return new LipSyncException(
            LipSyncErrorCode.OutputFailed,
            $"\"{path}\" cannot be {done} ({reason}); check the disk and the folder's permissions, or set {UserFolder.HomeVariable} to another folder.",
            cause
        )
        {
            Path = path,
        };
    }
}
