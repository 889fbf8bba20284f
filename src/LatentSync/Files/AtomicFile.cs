namespace LatentSync.Files;

/// <summary>Small files that are there whole or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>What a file is called until it is whole.</summary>
    public const string NewEnding = ".new";

    /// <summary>Writes beside the file, waits for the disk, and moves the result into place.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bytes">What it will hold.</param>
    /// <param name="failure">The error of a path and what could not be done to it; null for that of the store.</param>
    /// <exception cref="LipSyncException"><see cref="LipSyncErrorCode.OutputFailed"/>.</exception>
    public static void Write(string path, ReadOnlySpan<byte> bytes, Func<string, FormattableString, Exception, LipSyncException>? failure = null)
    {
        var temporary = path + NewEnding;
        try
        {
            using (var file = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write))
            {
                RandomAccess.Write(file, bytes, 0);
                RandomAccess.FlushToDisk(file);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw (failure ?? FileErrors.Disk)(path, $"written", error);
        }
    }
}
