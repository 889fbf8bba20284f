using LatentSync.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace LatentSync.Tests;

public class LatentSyncServicesTests
{
    [Fact]
    public void AddLatentSync_AddsOneEngineForTheApplication()
    {
        var services = new ServiceCollection().AddLatentSync(new LipSyncEngineOptions { ModelFolder = "checkpoints" });
        var service = Assert.Single(services);
        Assert.Equal((typeof(LipSyncEngine), ServiceLifetime.Singleton), (service.ServiceType, service.Lifetime));
    }

    /// <summary>Nothing is loaded before it is asked for; then the error is the engine's own.</summary>
    [Fact]
    public void Engine_IsLoadedWithTheChosenOptions()
    {
        using var folder = new TemporaryFolder();
        var asked = 0;
        using var provider = new ServiceCollection()
            .AddSingleton(new LipSyncEngineOptions { ModelFolder = folder.Path, Device = LipSyncDevice.Cpu })
            .AddLatentSync(services =>
            {
                asked++;
                return services.GetRequiredService<LipSyncEngineOptions>();
            })
            .BuildServiceProvider();
        Assert.Equal(0, asked);
        var error = Assert.Throws<LipSyncException>(provider.GetRequiredService<LipSyncEngine>);
        Assert.Equal(1, asked);
        Assert.Equal(LipSyncErrorCode.InvalidModel, error.Code);
        Assert.Contains(folder.Path, error.Message, StringComparison.Ordinal);
    }
}
