using LatentSync.Page.Jobs;
using LatentSync.Server.Jobs;
using LatentSync.Server.Reports;
using LatentSync.Server.Security;
using Microsoft.AspNetCore.Components;

namespace LatentSync.Page.Views;

/// <summary>The jobs of the owner, newest first.</summary>
public sealed partial class JobHistory
{
    private const int PageSize = 50;
    private const string Busy = "busy";

    private static readonly JobState[] BusyStates = [JobState.Uploading, JobState.Queued, JobState.Analysing, JobState.Generating, JobState.Joining];

    private readonly List<JobFacts> _jobs = [];

    private string _filter = string.Empty;
    private string? _next;
    private string? _doomed;
    private bool _isLoaded;
    private OwnerUse? _use;

    [Inject]
    internal OwnerReport Report { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    protected override Task OnInitializedAsync() => LoadAsync();

    private Task LoadAsync() =>
        TryAsync(async () =>
        {
            var owner = await User.OwnerAsync(Scopes.Read, Left);
            var filter = new JobFilter(owner, Dialect: null, PageSize + 1)
            {
                States =
                    _filter == Busy ? BusyStates
                    : Names.Parse<JobState>(_filter) is { } state ? [state]
                    : null,
                After = _next,
                IsAnalysis = false,
            };
            var found = await Desk.ListAsync(filter, Left);
            _jobs.AddRange(found.Take(PageSize));
            _next = found.Count > PageSize ? _jobs[^1].Id : null;
            _isLoaded = true;
            _use ??= await Report.ReadAsync(owner, Left);
        });

    private Task FilterAsync(ChangeEventArgs change)
    {
        (_filter, _next) = (change.Value?.ToString() ?? string.Empty, null);
        _jobs.Clear();
        return LoadAsync();
    }

    private Task RetryAsync(string id) =>
        TryAsync(async () =>
        {
            await Desk.RetryAsync(await User.OwnerAsync(Scopes.Submit, Left), id, Left);
            Navigation.NavigateTo("/jobs/" + id);
        });

    /// <summary>Asks at the first click, deletes at the second.</summary>
    private Task DeleteAsync(string id)
    {
        if (_doomed != id)
        {
            _doomed = id;
            return Task.CompletedTask;
        }

        _doomed = null;
        return TryAsync(async () =>
        {
            var owner = await User.OwnerAsync(Scopes.Submit, Left);
            await Desk.DeleteAsync(owner, id, Left);
            _jobs.RemoveAll(job => job.Id == id);
            _use = await Report.ReadAsync(owner, Left);
        });
    }
}
