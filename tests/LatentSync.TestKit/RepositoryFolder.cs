namespace LatentSync.TestKit;

/// <summary>The root of the checkout the tests were built from.</summary>
internal static class RepositoryFolder
{
    public static string Path { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "LatentSync.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No LatentSync.slnx above {start}.");
    }
}
