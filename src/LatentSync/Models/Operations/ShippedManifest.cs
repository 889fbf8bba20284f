using LatentSync.Checkpoints;
using LatentSync.Files;
using LatentSync.Models.Catalogue;
using LatentSync.Models.Store;

namespace LatentSync.Models.Operations;

/// <summary>
/// Makes the manifest of a model that comes with the program. It tells nothing but the files, so equal files give equal
/// manifests. Used by <c>tools/ShippedModel</c> and by the test that compares the committed manifest with the files.
/// </summary>
internal static class ShippedManifest
{
    /// <summary>Reads the files of a model folder; its name is the folder's.</summary>
    /// <exception cref="LipSyncException">The folder is no complete model, or a file is not where the store would have it.</exception>
    public static async Task<ModelManifest> CreateAsync(string folder, CancellationToken cancellationToken)
    {
        var source = ModelFolder.Open(folder);
        var files = new List<ManifestFile>();
        foreach (var (path, from) in ModelImport.Parts(source))
        {
            var expected = Path.GetFullPath(Path.Combine(folder, path));
            if (Path.GetFullPath(from) != expected)
            {
                throw new LipSyncException(LipSyncErrorCode.InvalidModel, $"\"{from}\" belongs at \"{expected}\"; move it there.") { Path = from };
            }

            var digest = await FileDigest.ComputeAsync(from, static _ => { }, cancellationToken).ConfigureAwait(false);
            files.Add(
                new ManifestFile
                {
                    Path = path,
                    Length = new FileInfo(from).Length,
                    Sha256 = digest,
                }
            );
        }

        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        return new ModelManifest
        {
            Name = ModelName.Require(name),
            Version = source.Version.Version,
            Files = files,
        };
    }
}
