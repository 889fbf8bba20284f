using Microsoft.Extensions.Configuration;

namespace LatentSync.Server.Settings;

/// <summary>
/// Where settings come from: flags, then the environment, then a folder of secrets, one file each, then <c>server.json</c> in the
/// data folder.
/// </summary>
internal static class ServerConfiguration
{
    private const string FileName = "server.json";
    private const string EnvironmentPrefix = "LATENTSYNC_";
    private const string SecretsVariable = "LATENTSYNC_SECRETS";

    /// <summary>Whether any part of a fleet is named: its code is not loaded otherwise.</summary>
    public static bool IsFleet(IConfiguration configuration)
    {
        var server = configuration.GetSection(ServerSettings.Section);
        return server["Database"] is not null || server["Broker"] is not null || server.GetSection(nameof(ServerSettings.Store)).GetChildren().Any();
    }

    /// <summary>What this process does.</summary>
    public static ServerRole RoleOf(IConfiguration configuration) =>
        configuration.GetSection(ServerSettings.Section).GetValue(nameof(ServerSettings.Role), ServerRole.All);

    /// <summary>Reads them.</summary>
    /// <param name="dataFolder">The data folder.</param>
    /// <param name="flags">What the command line says, by the names of <see cref="ServerSettings"/>.</param>
    /// <exception cref="LipSyncException">The file is no JSON.</exception>
    public static IConfiguration Read(string dataFolder, IEnumerable<KeyValuePair<string, string?>> flags)
    {
        var file = Path.Combine(dataFolder, FileName);
        try
        {
            var secrets = Environment.GetEnvironmentVariable(SecretsVariable);
            var builder = new ConfigurationBuilder().AddJsonFile(file, optional: true);
            if (!string.IsNullOrEmpty(secrets))
            {
                builder.AddKeyPerFile(Path.GetFullPath(secrets), optional: false);
            }

            return builder
                .AddEnvironmentVariables(EnvironmentPrefix)
                .AddInMemoryCollection(
                    flags.Append(new("Data", dataFolder)).Select(flag => new KeyValuePair<string, string?>($"{ServerSettings.Section}:{flag.Key}", flag.Value))
                )
                .Build();
        }
        catch (InvalidDataException error)
        {
            throw new LipSyncException(
                LipSyncErrorCode.InvalidOptions,
                $"The settings in \"{file}\" cannot be read: {error.InnerException?.Message ?? error.Message}",
                error
            );
        }
    }
}
