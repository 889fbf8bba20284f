using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LatentSync;

/// <summary>Lip sync as a service of an application.</summary>
public static class LatentSyncServices
{
    /// <summary>
    /// Adds one <see cref="LipSyncEngine"/> for the whole application. It is loaded when it is first asked for, which takes seconds
    /// and throws what <see cref="LipSyncEngine.Load"/> throws, and is disposed of with the application's services.
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="options">What the engine is loaded with; without a logger it gets the application's.</param>
    public static IServiceCollection AddLatentSync(this IServiceCollection services, LipSyncEngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return services.AddLatentSync(_ => options);
    }

    /// <summary>The same with options that depend on other services, such as the application's settings.</summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="options">Makes what the engine is loaded with; without a logger it gets the application's.</param>
    public static IServiceCollection AddLatentSync(this IServiceCollection services, Func<IServiceProvider, LipSyncEngineOptions> options)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        return services.AddSingleton(provider =>
        {
            var chosen = options(provider);
            return LipSyncEngine.Load(chosen with { Logger = chosen.Logger ?? provider.GetService<ILoggerFactory>()?.CreateLogger<LipSyncEngine>() });
        });
    }
}
