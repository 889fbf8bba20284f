namespace LatentSync.Checkpoints;

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
            if (!File.Exists(path))
            {
                throw ModelErrors.Create(path, $"The configuration \"{path}\" does not exist; check the path or download it.");
            }

            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (stream.Length > MaxBytes)
            {
                throw ModelErrors.Create(path, $"The configuration \"{path}\" is larger than 1 MiB; check that the right file was given.");
            }

            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw ModelErrors.Create(path, $"The configuration \"{path}\" cannot be read; check that it may be read.", error);
        }
    }

    /// <summary>A file that is no YAML or JSON.</summary>
    public static LipSyncException Malformed(string path, string language, Exception? cause = null) =>
        ModelErrors.Create(path, $"The configuration \"{path}\" is not well-formed {language}; download it again.", cause);
}
