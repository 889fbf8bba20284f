using LatentSync.Fleet.Broker;
using LatentSync.Fleet.Postgres;
using LatentSync.Fleet.Storage;
using LatentSync.Server;
using LatentSync.Server.Data.Providers;
using LatentSync.Server.Events;
using LatentSync.Server.Media;
using LatentSync.Server.Settings;
using LatentSync.Server.Work.Calls;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

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

        if (settings.Store.Bucket is not null)
        {
            services.AddSingleton<IFileStore, S3Store>();
        }
        else if (settings.Store.Folder is not null)
        {
            services.AddSingleton<IFileStore, FolderStore>();
        }
    }

    public void Add(IServiceCollection services)
    {
        if (settings.Database is not null)
        {
            // Before all else: the others go by its time.
            services.Insert(0, ServiceDescriptor.Singleton<IHostedService>(provider => provider.GetRequiredService<DatabaseClock>()));
        }

        if (settings.Broker is not null)
        {
            services.AddSingleton<BrokerConnection>().AddSingleton<BrokerNews>();
            services.AddSingleton<INewsChannel>(provider => provider.GetRequiredService<BrokerNews>());
            services.Replace(ServiceDescriptor.Singleton<IWorkCaller, BrokerCaller>());
            services.AddHostedService(provider => provider.GetRequiredService<BrokerNews>());
            services.AddHostedService(provider => provider.GetRequiredService<NewsReader>());
            services.AddHostedService<WorkOutbox>();
        }
    }

    public void Map(WebApplication app) { }
}
