using System.Security.Claims;
using LatentSync.Server.Data;
using LatentSync.Server.Security;
using LatentSync.Server.Settings;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LatentSync.Page.Security;

/// <summary>
/// The cookie that stands for a key: the page's circuit, its uploads and its pictures are authenticated by it. It counts for
/// requests of the page itself only; a key in a header goes before it.
/// </summary>
internal static class PageCookie
{
    /// <summary>The scheme of the cookie.</summary>
    public const string SchemeName = "page";

    /// <summary>Where a key is asked for.</summary>
    public const string LoginPath = "/login";

    private const string EitherName = "page-or-key";
    private const string CookieName = "latentsync";
    private const string KeyFolder = "keys";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(14);

    public static void Add(IServiceCollection services)
    {
        services.AddAuthentication().AddCookie(SchemeName).AddPolicyScheme(EitherName, null, policy => policy.ForwardDefaultSelector = Choose);
        services.Configure<AuthenticationOptions>(authentication => authentication.DefaultScheme = EitherName);
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, PageAuthorization>();
        services.AddOptions<CookieAuthenticationOptions>(SchemeName).Configure<IOptions<ServerSettings>>(Configure);
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = CookieName + "-form";
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;

            // The policy of the page says it, and stricter.
            antiforgery.SuppressXFrameOptionsHeader = true;
        });
        services.AddDataProtection().SetApplicationName("LatentSync");
        services
            .AddOptions<Microsoft.AspNetCore.DataProtection.KeyManagement.KeyManagementOptions>()
            .Configure<IOptions<ServerSettings>, Microsoft.Extensions.Logging.ILoggerFactory>(
                (keys, settings, logging) =>
                    keys.XmlRepository = new Microsoft.AspNetCore.DataProtection.Repositories.FileSystemXmlRepository(
                        // Made when the first key is written: whether the data folder can be used is not known yet.
                        new DirectoryInfo(Path.Combine(settings.Value.Data, KeyFolder)),
                        logging
                    )
            );
    }

    /// <summary>Remembers a key in the browser.</summary>
    public static Task SignInAsync(HttpContext context, ApiKey key)
    {
        var identity = new ClaimsIdentity(SchemeName);
        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, key.Id));
        identity.AddClaim(new Claim(ClaimTypes.Name, key.Name));
        identity.AddClaims(key.Scopes.Split(' ').Select(scope => new Claim(KeyAuthentication.ScopeClaim, scope)));
        return context.SignInAsync(SchemeName, new ClaimsPrincipal(identity), new AuthenticationProperties { IsPersistent = true });
    }

    private static void Configure(CookieAuthenticationOptions cookie, IOptions<ServerSettings> settings)
    {
        cookie.Cookie.Name = CookieName;
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Strict;
        cookie.Cookie.SecurePolicy =
            settings.Value.PublicUrl?.StartsWith("https:", StringComparison.OrdinalIgnoreCase) == true
                ? CookieSecurePolicy.Always
                : CookieSecurePolicy.SameAsRequest;
        cookie.LoginPath = LoginPath;
        cookie.ExpireTimeSpan = Lifetime;
        cookie.Events.OnValidatePrincipal = ValidateAsync;
    }

    /// <summary>Which scheme decides about a request, and answers it where it has no right.</summary>
    private static string Choose(HttpContext context)
    {
        var settings = context.RequestServices.GetRequiredService<IOptions<ServerSettings>>().Value;
        var request = context.Request;
        var hasKey = request.Headers.ContainsKey("Authorization") || request.Headers.ContainsKey("x-api-key");
        return !hasKey && request.Cookies.ContainsKey(CookieName) && SameOrigin.Holds(request, settings.PublicUrl) ? SchemeName : KeyAuthentication.SchemeName;
    }

    /// <summary>A key that was revoked takes its cookies along.</summary>
    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var keys = context.HttpContext.RequestServices.GetRequiredService<KeyService>();
        var id = context.Principal?.FindFirstValue(ClaimTypes.NameIdentifier);
        if (id is null || await keys.FindByIdAsync(id, context.HttpContext.RequestAborted) is null)
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(SchemeName);
        }
    }
}
