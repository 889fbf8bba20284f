using LatentSync.Files;
using LatentSync.Models.Download;
using LatentSync.Models.Store;

namespace LatentSync.Models.Operations;

/// <summary>
/// Removes a model: the files its manifest or the catalogue names, what their downloads left, and the folders that are
/// empty then. Files that someone else put there stay.
/// </summary>
internal static class ModelRemoval
{
    /// <summary>Removes the files; returns whether the folder is gone too.</summary>
    /// <exception cref="LipSyncException">The folder is a link, so its files lie elsewhere; or a file cannot be deleted.</exception>
    public static bool Run(string folder, IEnumerable<string> files)
    {
        var paths = files.Select(file => Path.Combine(folder, file)).ToList();
        var folders = paths
            .Select(path => Path.GetDirectoryName(path)!)
            .Append(folder)
            .Distinct(StringComparer.Ordinal)
            .OrderByDescending(path => path.Length)
            .ToList();
        foreach (var link in folders.Where(IsLink))
        {
            throw new LipSyncException(
                LipSyncErrorCode.OutputFailed,
                $"\"{link}\" is a link to another folder, and nothing outside the store is deleted; remove the link yourself."
            )
            {
                Path = link,
            };
        }

        try
        {
            // The manifest first: what is removed by half is no model any more.
            File.Delete(Path.Combine(folder, ModelManifest.FileName));
            foreach (var path in paths.Where(path => Directory.Exists(Path.GetDirectoryName(path))))
            {
                File.Delete(path);
                File.Delete(path + FileDownload.PartialEnding);
                File.Delete(path + FileDownload.JournalEnding);
            }

            foreach (var empty in folders.Where(path => Directory.Exists(path) && !Directory.EnumerateFileSystemEntries(path).Any()))
            {
                Directory.Delete(empty);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Disk(folder, $"deleted", error);
        }

        return !Directory.Exists(folder);
    }

    private static bool IsLink(string path) => new DirectoryInfo(path) is { Exists: true, LinkTarget: not null };
}
