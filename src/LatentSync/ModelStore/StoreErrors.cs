namespace LatentSync.ModelStore;

/// <summary>The sentences for a store that cannot be used.</summary>
internal static class StoreErrors
{
    private const double BytesPerGigabyte = 1e9;

    /// <summary>A file operation that failed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="done">What it could not be: "read", "written".</param>
    /// <param name="cause">The reason.</param>
    public static LipSyncException Disk(string path, string done, Exception cause) => new(
        LipSyncErrorCode.OutputFailed,
        $"\"{path}\" cannot be {done} ({cause.Message.TrimEnd('.')}); check the disk and the folder's permissions, or choose another folder with {StoreLocation.HomeVariable}.",
        cause)
    {
        Path = path,
    };

    /// <summary>The disk has not enough space.</summary>
    public static LipSyncException NoSpace(string folder, long needed, long free) => new(
        LipSyncErrorCode.OutputFailed,
        Invariant($"The model needs {Gigabytes(needed)} GB more, but the disk of \"{folder}\" has {Gigabytes(free)} GB free; free some space or choose another folder with {StoreLocation.HomeVariable}."))
    {
        Path = folder,
    };

    /// <summary>A name that is not in the store.</summary>
    public static LipSyncException NotStored(string name, string folder, bool canBePulled) => new(
        LipSyncErrorCode.InvalidModel,
        $"The model \"{Checkpoints.ModelErrors.Printable(name)}\" is not in the store \"{folder}\"; {(canBePulled ? $"get it with \"latentsync models pull {name}\"" : "see \"latentsync models list\"")}.")
    {
        Path = folder,
    };

    private static string Gigabytes(long bytes) => (bytes / BytesPerGigabyte).ToString("0.00", CultureInfo.InvariantCulture);
}
