using System.Globalization;
using LatentSync.FrontEnd.Words;
using LatentSync.Page.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace LatentSync.Page.Words;

/// <summary>The language of the page: what somebody chose, else what the browser asks for.</summary>
internal static class PageLanguage
{
    /// <summary>Cookie with the choice.</summary>
    public const string CookieName = "lang";

    private const string ChinesePrefix = "zh";

    private static readonly CultureInfo Chinese = new(Sentences.Chinese);

    /// <summary>Whether Chinese is spoken now.</summary>
    public static bool IsChinese => CultureInfo.CurrentUICulture.Name.Equals(Sentences.Chinese, StringComparison.OrdinalIgnoreCase);

    /// <summary>The language for browsers and screen readers (BCP 47).</summary>
    public static string Tag => IsChinese ? Sentences.Chinese : "en";

    /// <summary>Speaks it in the page and its circuits; the interface for programs stays English.</summary>
    public static void Use(IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
            {
                if (context.GetEndpoint()?.Metadata.GetMetadata<PagePolicy>() is not null)
                {
                    CultureInfo.CurrentUICulture = Wanted(context.Request) ? Chinese : CultureInfo.InvariantCulture;
                }

                return next(context);
            }
        );

    private static bool Wanted(HttpRequest request)
    {
        if (request.Cookies[CookieName] is { } chosen)
        {
            return chosen == ChinesePrefix;
        }

        var first = request.GetTypedHeaders().AcceptLanguage.MaxBy(language => language.Quality ?? 1)?.Value.Value;
        return first?.StartsWith(ChinesePrefix, StringComparison.OrdinalIgnoreCase) == true;
    }
}
