using LatentSync.Page.Assets;
using LatentSync.Server.Jobs;
using LatentSync.Server.Reports;
using LatentSync.Server.Security;
using LatentSync.Server.Work;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.JSInterop;

namespace LatentSync.Page.Admin;

/// <summary>What operators see: workers and cards, models, keys, errors, storage. It is looked up only while somebody looks.</summary>
public sealed partial class AdminView
{
    private const int SlowTicks = 15;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private AdminFacts? _facts;

    [Inject]
    internal WorkerPool Pool { get; set; } = null!;

    [Inject]
    internal WorkerRoll Roll { get; set; } = null!;

    [Inject]
    internal KeyService Keys { get; set; } = null!;

    [Inject]
    internal FailureReport Failures { get; set; } = null!;

    [Inject]
    internal StorageReport Storage { get; set; } = null!;

    [Inject]
    internal TimeProvider Time { get; set; } = null!;

    [Inject]
    internal PageAssets Files { get; set; } = null!;

    [Inject]
    internal IJSRuntime Script { get; set; } = null!;

    [Inject]
    internal IHttpContextAccessor Http { get; set; } = null!;

    protected override async Task OnInitializedAsync()
    {
        await TryAsync(async () =>
        {
            var owner = await User.OwnerAsync(Scopes.Admin, Left);
            _facts = await ReadSlowAsync(new AdminFacts(owner, await WorkersAsync()) { At = Time.GetUtcNow() });
        });

        // The first rendering is an answer to a request, which may not look like the view.
        if (_facts is null && Http.HttpContext?.Response is { HasStarted: false } answer)
        {
            answer.StatusCode = StatusCodes.Status403Forbidden;
        }
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender && _facts is not null)
        {
            _ = InvokeAsync(() => TryAsync(WatchAsync));
        }
    }

    private async Task WatchAsync()
    {
        try
        {
            await using var module = await Script.InvokeAsync<IJSObjectReference>("import", Left, Files.Url("admin.js"));
            _facts = _facts! with { Storage = await Storage.ReadAsync(Left) };
            StateHasChanged();
            for (var tick = 1; ; tick++)
            {
                await Task.Delay(Interval, Time, Left);
                await module.InvokeVoidAsync("seen", Left);
                await User.OwnerAsync(Scopes.Admin, Left);
                var facts = _facts with { Workers = await WorkersAsync(), At = Time.GetUtcNow() };
                _facts = tick % SlowTicks == 0 ? await ReadSlowAsync(facts) with { Storage = await Storage.ReadAsync(Left) } : facts;
                StateHasChanged();
            }
        }
        catch (JSDisconnectedException)
        {
            // The browser has gone.
        }
        catch (RequestException)
        {
            // The key was revoked: what it saw is not for it any more.
            _facts = null;
            throw;
        }
    }

    private Task<IReadOnlyList<WorkerView>> WorkersAsync() => Roll.ListAsync(Pool.Look(), Left);

    private async Task<AdminFacts> ReadSlowAsync(AdminFacts facts) =>
        facts with
        {
            Failures = await Failures.ReadAsync(Left),
            Names = (await Keys.ListAsync(Left)).ToDictionary(key => key.Id, key => key.Name, StringComparer.Ordinal),
        };
}
