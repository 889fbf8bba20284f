using LatentSync.Server.Data.Providers;
using LatentSync.Server.Data.Sqlite;
using LatentSync.Server.Security;
using LatentSync.Server.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LatentSync.Server;

/// <summary>Works on the keys of a server without its web, also while it runs.</summary>
internal static class ServerKeys
{
    /// <summary>Opens the database, makes it if there is none, and does something with the keys.</summary>
    /// <exception cref="LipSyncException">The data folder cannot be used.</exception>
    public static async Task<int> RunAsync(
        IConfiguration configuration,
        IReadOnlyList<IServerPart> parts,
        Func<KeyService, Task> run,
        CancellationToken cancellationToken
    )
    {
        var services = new ServiceCollection();
        services.AddOptions<ServerSettings>().Bind(configuration.GetSection(ServerSettings.Section));
        ServerHost.AddCore(services, parts);
        await using var provider = services.BuildServiceProvider();
        var folder = provider.GetRequiredService<IOptions<ServerSettings>>().Value.Data;
        if (provider.GetRequiredService<IDatabaseBackend>().IsShared)
        {
            await DatabaseUpgrade.RunAsync(provider, cancellationToken);
        }
        else if (!File.Exists(Path.Combine(folder, SqliteDatabase.FileName)))
        {
            using var taken = DataFolder.Open(folder);
            await DatabaseUpgrade.RunAsync(provider, cancellationToken);
        }

        await run(provider.GetRequiredService<KeyService>());
        return 0;
    }
}
