using System.Text.Json;
using LatentSync.Checkpoints.Tensors;
using LatentSync.Files;

namespace LatentSync.Models.Store;

/// <summary>
/// What a model of the store, or one that comes with the program, consists of: <c>model.json</c> in its folder. It is
/// written last, so a folder that has one is complete.
/// </summary>
internal sealed record ModelManifest
{
    /// <summary>The file's name in the model's folder.</summary>
    public const string FileName = "model.json";

    // Five files need a kilobyte; whatever is longer was not written here.
    private const long LongestFile = 1 << 20;

    /// <summary>The model's name.</summary>
    public required string Name { get; init; }

    /// <summary>The LatentSync version; null if unknown.</summary>
    public string? Version { get; init; }

    /// <summary>The folder it was imported from; null if it was not.</summary>
    public string? ImportedFrom { get; init; }

    /// <summary>When it was downloaded or imported; null if it comes with the program.</summary>
    public DateTimeOffset? Added { get; init; }

    /// <summary>Its files.</summary>
    public required IReadOnlyList<ManifestFile> Files { get; init; }

    /// <summary>Reads the manifest of a model's folder; null if there is none.</summary>
    /// <exception cref="LipSyncException">It is damaged, or names files outside the folder.</exception>
    public static ModelManifest? Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            if (!File.Exists(path))
            {
                return null;
            }

            if (UserFile.Length(path) is not (> 0 and <= LongestFile))
            {
                throw ModelErrors.Damaged(path, $"it is empty or far longer than such a file");
            }

            var manifest = JsonSerializer.Deserialize(File.ReadAllBytes(path), ManifestJson.Default.ModelManifest);
            return manifest is { Name: not null, Files: not null } && manifest.Files.All(IsPlausible)
                ? manifest
                : throw ModelErrors.Damaged(path, $"it does not name its files as it should");
        }
        catch (JsonException error)
        {
            throw ModelErrors.Damaged(path, $"it is not the JSON this program writes", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Disk(path, $"read", error);
        }
    }

    /// <summary>Writes the manifest into a model's folder.</summary>
    public void Write(string folder) =>
        AtomicFile.Write(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(this, ManifestJson.Default.ModelManifest));

    // A path may lead only downwards: "remove" deletes what is named here.
    private static bool IsPlausible(ManifestFile? file) =>
        file is { Path.Length: > 0, Length: >= 0, Sha256: not null }
        && !file.Path.Contains('\\', StringComparison.Ordinal)
        && !file.Path.Contains(':', StringComparison.Ordinal)
        && file.Path.Split('/').All(part => part.Length > 0 && part is not ("." or ".."));
}
