using LatentSync.Page.Assets;
using LatentSync.Page.Components;
using LatentSync.Page.Jobs;
using LatentSync.Page.Media;
using LatentSync.Page.Security;
using LatentSync.Page.Words;
using LatentSync.Server;
using LatentSync.Server.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MudBlazor.Services;

namespace LatentSync.Page;

/// <summary>The page of the server: what people see. See docs/page.md.</summary>
internal sealed class PagePart : IServerPart
{
    // What a browser sends at once: texts of a form and progress of uploads, never files.
    private const int LongestMessage = 64 << 10;

    public void Add(IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents(Configure).AddHubOptions(hub => hub.MaximumReceiveMessageSize = LongestMessage);
        services.AddCascadingAuthenticationState();
        services.AddMudServices();
        services.AddSingleton<PageAssets>().AddSingleton<JobDesk>().AddSingleton<JobWatch>();
        services.AddScoped<PageUser>();
        services.AddHttpContextAccessor();
        PageCookie.Add(services);

        // They are in the data folder, which only the server's user reads.
        services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error));
    }

    public void Map(WebApplication app)
    {
        PagePolicy.Use(app);
        PageLanguage.Use(app);
        app.UseAntiforgery();
        PageAssetEndpoints.Map(app);
        SourceEndpoints.Map(app);
        LogoutEndpoint.Map(app);
        app.MapRazorComponents<App>()
            .AddInteractiveServerRenderMode(mode => mode.ContentSecurityFrameAncestorsPolicy = null)
            .WithMetadata(new PagePolicy())
            .RequireAuthorization(Scopes.Read);
    }

    private static void Configure(CircuitOptions circuits)
    {
        // Who closes the page comes back by its address; nothing has to be kept for long.
        circuits.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(1);
        circuits.DisconnectedCircuitMaxRetained = 50;
    }
}
