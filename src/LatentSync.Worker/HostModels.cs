namespace LatentSync.Worker;

/// <summary>Models in folders that the host names, where its users put them, also for other programs.</summary>
internal static class HostModels
{
    private const string UNetFile = "latentsync_unet.pt";

    // Where packs that download the weights by themselves keep them.
    private const string CheckpointFolder = "checkpoints";

    /// <summary>The first model folder: one of the given, a folder in it, or its checkpoints; null if there is none.</summary>
    /// <param name="folders">Where to look; what does not exist or may not be read is passed over.</param>
    /// <param name="name">Name of the folder in one of these; null for any.</param>
    public static string? Find(IEnumerable<string> folders, string? name) =>
        folders
            .SelectMany(folder => (string[])[folder, .. Children(folder)])
            .Where(folder => name is null || Path.GetFileName(folder) == name)
            .SelectMany(folder => (string[])[folder, Path.Combine(folder, CheckpointFolder)])
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, UNetFile)));

    private static IEnumerable<string> Children(string folder)
    {
        try
        {
            return [.. Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
