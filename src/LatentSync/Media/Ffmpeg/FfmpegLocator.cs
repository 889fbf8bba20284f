namespace LatentSync.Media.Ffmpeg;

/// <summary>Finds ffmpeg's programs: in the folder the user named, otherwise in the folders of PATH.</summary>
/// <param name="namedFolder">The value of <see cref="FolderVariable"/>; when set, nowhere else is looked.</param>
/// <param name="searchPath">The value of PATH.</param>
internal sealed class FfmpegLocator(string? namedFolder, string? searchPath)
{
    /// <summary>The environment variable that names the folder of ffmpeg and ffprobe.</summary>
    public const string FolderVariable = "LATENTSYNC_FFMPEG";

    /// <summary>The full path of a program.</summary>
    /// <exception cref="LipSyncException"><see cref="LipSyncErrorCode.MissingDependency"/> with how to install it.</exception>
    public string Find(string program)
    {
        var fileName = OperatingSystem.IsWindows() ? program + ".exe" : program;
        if (!string.IsNullOrEmpty(namedFolder))
        {
            var named = Path.GetFullPath(Path.Combine(namedFolder, fileName));
            return File.Exists(named)
                ? named
                : throw Missing($"{FolderVariable} names the folder \"{namedFolder}\", but there is no {fileName} in it; correct the variable or unset it.");
        }

        // A relative entry of PATH would make the result depend on the current folder, where a stranger's file may lie.
        return (searchPath ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathFullyQualified)
            .Select(folder => Path.Combine(folder, fileName))
            .FirstOrDefault(File.Exists)
            ?? throw Missing($"{program} was not found; install ffmpeg ({InstallCommand}) or set {FolderVariable} to its folder.");
    }

    private static FormattableString InstallCommand =>
        OperatingSystem.IsWindows() ? (FormattableString)$"winget install Gyan.FFmpeg"
        : OperatingSystem.IsMacOS() ? (FormattableString)$"brew install ffmpeg"
        : $"on Debian and Ubuntu: sudo apt install ffmpeg";

    private static LipSyncException Missing(FormattableString message) => new(LipSyncErrorCode.MissingDependency, message);
}
