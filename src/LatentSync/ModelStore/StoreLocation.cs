namespace LatentSync.ModelStore;

/// <summary>Where the models of this user lie.</summary>
internal static class StoreLocation
{
    /// <summary>Names the folder of this program, in which the models are in <c>models</c>.</summary>
    public const string HomeVariable = "LATENTSYNC_HOME";

    /// <summary>
    /// <c>models</c> in LATENTSYNC_HOME, else in <c>latentsync</c> of the user's data folder: XDG_DATA_HOME or
    /// ~/.local/share on Linux, Application Support on macOS, %LOCALAPPDATA% on Windows.
    /// </summary>
    public static string Default(Func<string, string?> environment)
    {
        var home = environment(HomeVariable);
        return Path.GetFullPath(Path.Combine(string.IsNullOrEmpty(home) ? Path.Combine(DataFolder(environment), "latentsync") : home, "models"));
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
