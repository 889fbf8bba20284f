namespace LatentSync.Files;

/// <summary>The folder of this program among the user's own data.</summary>
internal static class UserFolder
{
    /// <summary>Names the folder.</summary>
    public const string HomeVariable = "LATENTSYNC_HOME";

    /// <summary>
    /// LATENTSYNC_HOME, else <c>latentsync</c> in the user's data folder: XDG_DATA_HOME or ~/.local/share on Linux,
    /// Application Support on macOS, %LOCALAPPDATA% on Windows.
    /// </summary>
    public static string Find(Func<string, string?> environment)
    {
        var home = environment(HomeVariable);
        return Path.GetFullPath(string.IsNullOrEmpty(home) ? Path.Combine(DataFolder(environment), "latentsync") : home);
    }

    private static string DataFolder(Func<string, string?> environment)
    {
        if (!OperatingSystem.IsLinux())
        {
            return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        }

        // The XDG specification: a relative path there is to be ignored.
        var data = environment("XDG_DATA_HOME");
        return Path.IsPathFullyQualified(data ?? string.Empty)
            ? data!
            : Path.Combine(environment("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "share");
    }
}
