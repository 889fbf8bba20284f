using LatentSync.Server.Data;
using LatentSync.Server.Jobs;
using LatentSync.Server.Security;
using Microsoft.AspNetCore.Components;
using static LatentSync.Page.Words.PageWords;

namespace LatentSync.Page.Admin;

/// <summary>Keys: lists, makes and revokes them, as <c>latentsync keys</c> does.</summary>
public sealed partial class KeysPanel
{
    private readonly HashSet<string> _scopes = new([Scopes.Submit, Scopes.Read], StringComparer.Ordinal);

    private IReadOnlyList<ApiKey> _keys = [];
    private string _name = string.Empty;
    private string? _made;
    private string? _doomed;

    [Inject]
    internal KeyService Keys { get; set; } = null!;

    [CascadingParameter]
    private AdminFacts Facts { get; set; } = null!;

    protected override Task OnInitializedAsync() => TryAsync(ReadAsync);

    private async Task ReadAsync() => _keys = await Keys.ListAsync(Left);

    private void Choose(string scope, ChangeEventArgs change)
    {
        if (change.Value is true)
        {
            _scopes.Add(scope);
        }
        else
        {
            _scopes.Remove(scope);
        }
    }

    private Task AddAsync() =>
        TryAsync(async () =>
        {
            _doomed = null;
            var owner = await User.OwnerAsync(Scopes.Admin, Left);
            (_, _made) = await Keys.AddAsync(_name.Trim(), [.. Scopes.All.Where(_scopes.Contains)], owner, Left);
            _name = string.Empty;
            await ReadAsync();
        });

    /// <summary>Asks at the first click, revokes at the second.</summary>
    private Task RevokeAsync(string id)
    {
        if (_doomed != id)
        {
            _doomed = id;
            return Task.CompletedTask;
        }

        _doomed = null;
        return TryAsync(async () =>
        {
            if (!await Keys.RevokeAsync(id, await User.OwnerAsync(Scopes.Admin, Left), Left))
            {
                throw RequestException.NotFound("key", id);
            }

            await ReadAsync();
        });
    }

    private string Asks(string id) =>
        _doomed != id ? Say($"Revoke")
        : id == Facts.Owner ? Say($"Revoke your own, which logs you out?")
        : Say($"Revoke for good?");

    private static string About(string scope) =>
        scope switch
        {
            Scopes.Submit => Say($"upload, make jobs, cancel and delete its own"),
            Scopes.Read => Say($"see its own; the page asks for this"),
            _ => Say($"workers, models, errors of everybody, keys"),
        };
}
