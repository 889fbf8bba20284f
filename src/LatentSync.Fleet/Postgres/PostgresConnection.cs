using LatentSync.Server.Settings;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LatentSync.Fleet.Postgres;

/// <summary>How the database of the settings is reached.</summary>
internal static class PostgresConnection
{
    // A process has at most so many connections, unless the settings say otherwise: a hundred processes share one server.
    private const int MostConnections = 16;

    // A server that is gone without a word, as behind a cut network, is noticed by this.
    private const int KeepAliveSeconds = 10;
    private const int TimeoutSeconds = 10;
    private const int CommandSeconds = 30;
    private const string Program = "latentsync";

    /// <summary>The settings' text with what they leave out.</summary>
    /// <exception cref="LipSyncException">It is none.</exception>
    public static string Of(ServerSettings settings)
    {
        try
        {
            var given = new NpgsqlConnectionStringBuilder(settings.Database);
            var named = new HashSet<string>(given.Keys, StringComparer.OrdinalIgnoreCase);
            given.MaxPoolSize = named.Contains("Maximum Pool Size") ? given.MaxPoolSize : MostConnections;
            given.KeepAlive = named.Contains("Keepalive") ? given.KeepAlive : KeepAliveSeconds;
            given.Timeout = named.Contains("Timeout") ? given.Timeout : TimeoutSeconds;
            given.CommandTimeout = named.Contains("Command Timeout") ? given.CommandTimeout : CommandSeconds;
            given.ApplicationName ??= Program;
            return given.ToString();
        }
        catch (ArgumentException error)
        {
            // Not the text itself: it has a password.
            throw new LipSyncException(
                LipSyncErrorCode.InvalidOptions,
                $"The setting Database is no connection string of PostgreSQL; write it as Host=...;Database=...;Username=...;Password=...",
                error
            );
        }
    }

    /// <inheritdoc cref="Of(ServerSettings)"/>
    public static string Of(IOptions<ServerSettings> settings) => Of(settings.Value);
}
