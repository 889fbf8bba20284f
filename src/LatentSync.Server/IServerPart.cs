using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LatentSync.Server;

/// <summary>What a program adds to the server, such as a page for people; the server itself does not know it.</summary>
internal interface IServerPart
{
    /// <summary>Adds what commands without the web need too, such as another database.</summary>
    void AddCore(IServiceCollection services) { }

    /// <summary>Adds its services to those of the server.</summary>
    void Add(IServiceCollection services);

    /// <summary>Adds its middleware, behind authentication and authorization, and its endpoints.</summary>
    void Map(WebApplication app);
}
