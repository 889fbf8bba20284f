namespace LatentSync.Checkpoints;

/// <summary>Looks at a file before it is opened.</summary>
internal static class RegularFile
{
    /// <summary>
    /// The length of a file, links followed; null if there is none. Asked before opening, because opening a named pipe would
    /// wait for ever: pipes and devices have the length 0.
    /// </summary>
    /// <exception cref="IOException">The links do not end.</exception>
    public static long? Length(string path)
    {
        var info = new FileInfo(path);
        var target = info.LinkTarget is null ? info : info.ResolveLinkTarget(returnFinalTarget: true);
        return target is FileInfo { Exists: true } file ? file.Length : null;
    }
}
