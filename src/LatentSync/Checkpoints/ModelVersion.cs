using System.Text.RegularExpressions;
using LatentSync.Checkpoints.Tensors;

namespace LatentSync.Checkpoints;

/// <summary>Which LatentSync a UNet is, as far as its file, folder and configuration tell.</summary>
/// <param name="Version">"1.5" or "1.6"; null if nothing tells.</param>
/// <param name="Resolution">The face size in pixels; null if nothing tells, or two things contradict each other.</param>
/// <param name="Reason">Where this is known from, as a clause without a full stop.</param>
internal sealed partial record ModelVersion(string? Version, int? Resolution, FormattableString Reason)
{
    private const int FoldersLookedAt = 3;
    private const int RegexTimeoutMilliseconds = 1000;

    /// <summary>Decides, in this order: the configuration's resolution, the official file's length, the folder's name.</summary>
    /// <param name="unetPath">The UNet checkpoint.</param>
    /// <param name="length">Its length in bytes.</param>
    /// <param name="configPath">The configuration beside it; null if there is none.</param>
    /// <param name="configResolution">The resolution it sets; null if it sets none.</param>
    /// <exception cref="LipSyncException">An official checkpoint lies beside the configuration of another resolution.</exception>
    public static ModelVersion Detect(string unetPath, long length, string? configPath, int? configResolution)
    {
        var official = KnownCheckpoint.Find(length);
        var (named, folder) = FromFolderName(unetPath);
        if (official is not null && configResolution is { } set && set != official.Resolution)
        {
            var (version, size) = (official.Version, official.Resolution);
            throw ModelErrors.Create(
                unetPath,
                $"The checkpoint \"{unetPath}\" is LatentSync {version}, made for {size} px, but \"{configPath}\" sets {set} px; use its own configuration."
            );
        }

        return (official, configResolution, named) switch
        {
            ({ } known, _, _) => new(
                known.Version,
                known.Resolution,
                $"The file has the length of the official LatentSync {known.Version} checkpoint, {known.Length} bytes"
            ),
            (_, { } resolution, { } hint) when resolution != hint.Resolution => new(
                null,
                null,
                $"The folder is named \"{folder}\", which is made for {hint.Resolution} px, but \"{configPath}\" sets {resolution} px"
            ),
            (_, { } resolution, { } hint) => new(hint.Version, resolution, $"The folder is named \"{folder}\" and \"{configPath}\" sets {resolution} px"),
            (_, { } resolution, _) => new(null, resolution, $"\"{configPath}\" sets {resolution} px; nothing tells the version"),
            (_, _, { } hint) => new(hint.Version, hint.Resolution, $"The folder is named \"{folder}\""),
            _ => new(null, null, $"Neither the file's length, nor a configuration, nor the folder's name tells the version"),
        };
    }

    /// <summary>The official checkpoint that the names of the folders above a file speak of, as in <c>LatentSync-1.6</c>.</summary>
    public static (KnownCheckpoint? Checkpoint, string? Folder) FromFolderName(string unetPath)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(unetPath));
        for (var i = 0; i < FoldersLookedAt && folder is not null; i++, folder = Path.GetDirectoryName(folder))
        {
            var match = VersionPattern().Match(Path.GetFileName(folder));
            if (match.Success)
            {
                return (KnownCheckpoint.Find("1." + match.Groups["minor"].Value), Path.GetFileName(folder));
            }
        }

        return (null, null);
    }

    [GeneratedRegex(
        @"latent-?_?sync.*?(?<!\d)1[._](?<minor>[56])(?!\d)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        RegexTimeoutMilliseconds
    )]
    private static partial Regex VersionPattern();
}
