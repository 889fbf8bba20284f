using LatentSync.Fleet.Postgres;
using LatentSync.Server;
using LatentSync.Server.Data.Providers;
using LatentSync.Server.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LatentSync.Fleet;

/// <summary>What a server of several processes has instead of what a single one brings: see docs/fleet.md.</summary>
internal sealed class FleetPart(ServerSettings settings) : IServerPart
{
    /// <summary>The part that some settings need.</summary>
    public static FleetPart Of(IConfiguration configuration)
    {
        var settings = new ServerSettings();
        configuration.GetSection(ServerSettings.Section).Bind(settings);
        return new FleetPart(settings);
    }

    public void AddCore(IServiceCollection services)
    {
        if (settings.Database is not null)
        {
            services.Replace(ServiceDescriptor.Singleton<IDatabaseBackend, PostgresProvider>());
            services.AddSingleton<DatabaseClock>();
            services.Replace(ServiceDescriptor.Singleton<TimeProvider>(provider => provider.GetRequiredService<DatabaseClock>()));
        }
    }

    public void Add(IServiceCollection services)
    {
        if (settings.Database is not null)
        {
            services.AddHostedService(provider => provider.GetRequiredService<DatabaseClock>());
        }
    }

    public void Map(WebApplication app) { }
}
