using LatentSync.Files;
using LatentSync.Models.Download;
using LatentSync.Models.Store;

namespace LatentSync.Models.Operations;

/// <summary>Compares the files of a stored model with its manifest.</summary>
internal static class ModelVerification
{
    private const string Action = "verify";

    /// <summary>Whether all files are there in their lengths; the digests are not computed.</summary>
    public static bool HasAllFiles(ModelManifest manifest, string folder) => manifest.Files.All(file => Problem(file, folder) is null);

    /// <summary>Reads each file.</summary>
    public static async Task<IReadOnlyList<ModelFileCheck>> RunAsync(
        ModelManifest manifest,
        string folder,
        TimeProvider time,
        IProgress<ModelProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var meter = new TransferMeter(progress, time, Action, manifest.Files.Sum(file => file.Length));
        var checks = new List<ModelFileCheck>();
        foreach (var file in manifest.Files)
        {
            var path = Path.Combine(folder, file.Path);
            var problem = Problem(file, folder);
            if (problem is null && await FileDigest.ComputeAsync(path, meter.Count, cancellationToken).ConfigureAwait(false) != file.Sha256)
            {
                problem = $"its SHA-256 is not the recorded one";
            }

            checks.Add(new ModelFileCheck(path, problem));
        }

        return checks;
    }

    private static FormattableString? Problem(ManifestFile file, string folder)
    {
        var info = new FileInfo(Path.Combine(folder, file.Path));
        return !info.Exists ? (FormattableString)$"it is missing"
            : info.Length != file.Length ? (FormattableString)$"it has {info.Length} bytes instead of {file.Length}"
            : null;
    }
}
