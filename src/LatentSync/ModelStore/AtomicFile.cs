namespace LatentSync.ModelStore;

/// <summary>Small files that are there whole or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>Writes beside the file and moves the result into place.</summary>
    /// <exception cref="LipSyncException"><see cref="LipSyncErrorCode.OutputFailed"/>.</exception>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        var temporary = path + ".new";
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
            throw StoreErrors.Disk(path, "written", error);
        }
    }
}
