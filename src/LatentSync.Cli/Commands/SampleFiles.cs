namespace LatentSync.Cli.Commands;

/// <summary>The video and the voice that come with the program.</summary>
internal static class SampleFiles
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "samples");

    /// <summary>A rendered head that speaks, 6 s, 512x512.</summary>
    public static string Video { get; } = Path.Combine(Folder, "head.mp4");

    /// <summary>A synthesised voice that says something else, 6 s.</summary>
    public static string Audio { get; } = Path.Combine(Folder, "voice.wav");

    /// <summary>Does nothing if both are there.</summary>
    /// <exception cref="LipSyncException">One is missing.</exception>
    public static void Require()
    {
        if (Array.Find([Video, Audio], path => !File.Exists(path)) is { } missing)
        {
            throw new LipSyncException(LipSyncErrorCode.InvalidInput, $"The sample \"{missing}\" is missing; build or install the program again.")
            {
                Path = missing,
            };
        }
    }
}
