using LatentSync.Page.Security;
using LatentSync.Server.Security;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using static LatentSync.Page.Words.PageWords;

namespace LatentSync.Page.Views;

/// <summary>Asks for a key. A plain form: nobody gets a circuit without one.</summary>
public sealed partial class Login
{
    private const string Home = "/";

    private string? _error;

    [Inject]
    internal KeyService Keys { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    [CascadingParameter]
    private HttpContext Context { get; set; } = null!;

    [SupplyParameterFromForm(FormName = "login")]
    private string? Key { get; set; }

    /// <summary>Where somebody came from.</summary>
    [SupplyParameterFromQuery(Name = "back")]
    private string? Back { get; set; }

    // Never to another host: "//" and "/\" begin the name of one.
    private string Target => Back is ['/', ..] && Back is not ['/', '/' or '\\', ..] ? Back : Home;

    protected override void OnInitialized()
    {
        if (Context.User.Identity?.IsAuthenticated == true && HttpMethods.IsGet(Context.Request.Method))
        {
            Navigation.NavigateTo(Target);
        }
    }

    private async Task LogInAsync()
    {
        if (await Keys.FindAsync(Key?.Trim() ?? string.Empty, Context.RequestAborted) is not { } key)
        {
            _error = Say($"There is no such key, or it was revoked; check it and try again.");
            return;
        }

        if (!key.Scopes.Split(' ').Contains(Scopes.Read, StringComparer.Ordinal))
        {
            _error = Say($"This key may not read; have one made with the scope read.");
            return;
        }

        await PageCookie.SignInAsync(Context, key);
        Navigation.NavigateTo(Target);
    }
}
