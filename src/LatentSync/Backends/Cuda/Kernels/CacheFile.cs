namespace LatentSync.Backends.Cuda.Kernels;

/// <summary>Files in the user's cache: they can be lost without harm, so that one that cannot be written is not kept.</summary>
internal static class CacheFile
{
    /// <summary>Writes a file so that others see it whole or not at all.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var part = Invariant($"{path}.{Environment.ProcessId}.part");
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(part, content);
            File.Move(part, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A full or read-only disk: the next start computes it again.
            DeleteQuietly(part);
        }
    }

    private static void DeleteQuietly(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // What could not be written cannot be removed either.
        }
    }
}
