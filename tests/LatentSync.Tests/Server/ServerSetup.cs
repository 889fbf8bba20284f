using LatentSync.Server;
using LatentSync.Server.Data;
using LatentSync.Server.Data.Providers;
using LatentSync.Server.Settings;
using LatentSync.TestKit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LatentSync.Tests.Server;

/// <summary>The database of a server without its web, in a folder that goes away, and a clock that stands still.</summary>
internal sealed class ServerSetup : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ServiceProvider _services;

    private ServerSetup()
    {
        var services = new ServiceCollection();
        services.AddOptions<ServerSettings>().Configure(settings => settings.Data = _folder.Path);
        ServerHost.AddCore(services, parts: []);
        services.AddSingleton<TimeProvider>(new StandingTime());
        _services = services.BuildServiceProvider();
    }

    public static DateTimeOffset Now { get; } = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    public IDbContextFactory<ServerDatabase> Databases => _services.GetRequiredService<IDbContextFactory<ServerDatabase>>();

    public string Folder => _folder.Path;

    public T Get<T>()
        where T : notnull => ActivatorUtilities.GetServiceOrCreateInstance<T>(_services);

    public static async Task<ServerSetup> CreateAsync()
    {
        var setup = new ServerSetup();
        using var folder = DataFolder.Open(setup.Folder);
        await DatabaseUpgrade.RunAsync(setup._services, TestContext.Current.CancellationToken);
        return setup;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private sealed class StandingTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
