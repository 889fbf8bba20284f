using LatentSync.Page.Security;
using LatentSync.Server.Security;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.JSInterop;

namespace LatentSync.Page.Components;

/// <summary>What is around every view: navigation, language, colours.</summary>
public sealed partial class MainLayout
{
    private const string ThemeCookie = "theme";
    private const string DarkValue = "dark";
    private const string ThemeKey = nameof(_isDark);

    private ErrorBoundary? _boundary;
    private bool _isDark;
    private string? _name;
    private bool _isAdmin;

    [Inject]
    internal PageUser User { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    [Inject]
    internal IJSRuntime Script { get; set; } = null!;

    [Inject]
    internal PersistentComponentState State { get; set; } = null!;

    [Inject]
    internal IHttpContextAccessor Http { get; set; } = null!;

    protected override async Task OnInitializedAsync()
    {
        // The first rendering has the cookies; the circuit is told.
        _isDark = State.TryTakeFromJson<bool>(ThemeKey, out var kept) ? kept : Http.HttpContext?.Request.Cookies[ThemeCookie] == DarkValue;
        State.RegisterOnPersisting(() =>
        {
            State.PersistAsJson(ThemeKey, _isDark);
            return Task.CompletedTask;
        });
        _name = await User.NameAsync();
        _isAdmin = await User.MayAsync(Scopes.Admin);
    }

    protected override void OnParametersSet() => _boundary?.Recover();

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender && await StartAsync() is var isDark && isDark != _isDark)
        {
            // The first visit: no cookie told the server the colours of the system.
            _isDark = isDark;
            StateHasChanged();
            await StartAsync();
        }
    }

    private ValueTask<bool> StartAsync() => Script.InvokeAsync<bool>("latentsync.start", _isDark);

    private async Task ToggleThemeAsync()
    {
        _isDark = !_isDark;
        await Script.InvokeVoidAsync("latentsync.setDark", _isDark);
    }
}
