using LatentSync.Checkpoints.Tensors;

namespace LatentSync.Checkpoints.Config;

/// <summary>Reads small configuration files into trees of dictionaries, lists and single values.</summary>
internal static class ConfigFile
{
    /// <summary>The public configurations have 3 kB; this bounds what a hostile one can cost.</summary>
    private const long MaxBytes = 1 << 20;

    /// <summary>The bytes of a configuration file.</summary>
    /// <exception cref="LipSyncException">It is missing, unreadable or larger than 1 MiB.</exception>
    public static byte[] ReadBytes(string path)
    {
        try
        {
            return UserFile.Length(path) switch
            {
                null => throw ModelErrors.Create(path, $"The configuration \"{path}\" does not exist; check the path or download it."),
                0 => throw ModelErrors.Create(path, $"The configuration \"{path}\" is empty or not an ordinary file; download it again."),
                > MaxBytes => throw ModelErrors.Create(path, $"The configuration \"{path}\" is larger than 1 MiB; check that the right file was given."),
                _ => File.ReadAllBytes(path),
            };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw ModelErrors.Create(path, $"The configuration \"{path}\" cannot be read; check that it may be read.", error);
        }
    }

    /// <summary>A file that is no YAML or JSON.</summary>
    public static LipSyncException Malformed(string path, string language, Exception? cause = null) =>
        ModelErrors.Create(path, $"The configuration \"{path}\" is not well-formed {language}; download it again.", cause);
}
