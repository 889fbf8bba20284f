using LatentSync.Checkpoints.Tensors;
using LatentSync.Files;
using LatentSync.Models.Store;

namespace LatentSync.Models.Catalogue;

/// <summary>The sentences for a store that cannot be used.</summary>
internal static class StoreErrors
{
    private const double BytesPerGigabyte = 1e9;

    /// <summary>The disk has not enough space.</summary>
    public static LipSyncException NoSpace(string folder, long needed, long free)
    {
        var (more, left) = (Gigabytes(needed), Gigabytes(free));
        return new LipSyncException(
            LipSyncErrorCode.OutputFailed,
            $"The model needs {more} GB more, but \"{folder}\" has {left} GB free; free some space, or set {UserFolder.HomeVariable} to another folder."
        )
        {
            Path = folder,
        };
    }

    /// <summary>A name that is not in the store.</summary>
    public static LipSyncException NotStored(string name, string folder, bool canBePulled)
    {
        var advice = canBePulled ? (FormattableString)$"get it with \"latentsync models pull {name}\"" : $"see \"latentsync models list\"";
        return new LipSyncException(LipSyncErrorCode.InvalidModel, $"The model \"{ModelErrors.Printable(name)}\" is not in the store \"{folder}\"; {advice}.")
        {
            Path = folder,
        };
    }

    /// <summary>Something that cannot be done to a model that comes with the program.</summary>
    /// <param name="name">The model.</param>
    /// <param name="done">What it cannot be: "downloaded", "removed".</param>
    /// <param name="instead">What to do next.</param>
    public static LipSyncException BuiltIn(string name, FormattableString done, FormattableString instead) =>
        new(LipSyncErrorCode.InvalidOptions, $"The model \"{name}\" comes with the program and cannot be {done}; {instead}.");

    /// <summary>A shipped model of which nothing is recorded.</summary>
    public static LipSyncException NoRecord(string name, string folder) =>
        new(
            LipSyncErrorCode.InvalidModel,
            $"The built-in model \"{name}\" in \"{folder}\" lacks its {ModelManifest.FileName}, so it cannot be verified; build or install the program again."
        )
        {
            Path = folder,
        };

    private static string Gigabytes(long bytes) => (bytes / BytesPerGigabyte).ToString("0.00", CultureInfo.InvariantCulture);
}
