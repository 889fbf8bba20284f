using System.CommandLine;
using System.Runtime.CompilerServices;
using LatentSync.Fleet;
using LatentSync.FrontEnd.Options;
using LatentSync.Server;
using LatentSync.Server.Settings;
using Microsoft.Extensions.Configuration;

namespace LatentSync.Cli.Commands.Server;

/// <summary>Where the server's data is: the same for all its commands.</summary>
internal static class ServerOptionSet
{
    private const string FolderName = "server";

    /// <summary>The data folder.</summary>
    public static PathOption Data() =>
        new("--data")
        {
            Description = "Folder of the server's database, uploads and results (default: server in LATENTSYNC_HOME, else in the user's data folder).",
            HelpName = "folder",
        };

    /// <summary>What a server of several processes needs; nothing for the embedded one, which does not load the code of it either.</summary>
    public static IReadOnlyList<IServerPart> Parts(IConfiguration configuration) => ServerConfiguration.IsFleet(configuration) ? Fleet(configuration) : [];

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static IReadOnlyList<IServerPart> Fleet(IConfiguration configuration) => [FleetPart.Of(configuration)];

    /// <summary>The folder that was given, or the default.</summary>
    public static string Folder(ParseResult parsed, PathOption option) =>
        Path.GetFullPath(parsed.GetValue(option) ?? Path.Combine(Path.GetDirectoryName(new ModelLibrary().Folder)!, FolderName));
}
