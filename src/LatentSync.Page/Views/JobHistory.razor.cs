using LatentSync.Page.Jobs;
using LatentSync.Page.Security;
using LatentSync.Page.Words;
using LatentSync.Server.Jobs;
using LatentSync.Server.Security;
using Microsoft.AspNetCore.Components;

namespace LatentSync.Page.Views;

/// <summary>The jobs of the owner, newest first.</summary>
public sealed partial class JobHistory : IDisposable
{
    private const int PageSize = 50;
    private const string Busy = "busy";

    private static readonly JobState[] BusyStates = [JobState.Uploading, JobState.Queued, JobState.Analysing, JobState.Generating, JobState.Joining];

    private readonly CancellationTokenSource _left = new();
    private readonly List<JobFacts> _jobs = [];

    private string _filter = string.Empty;
    private string? _next;
    private string? _doomed;
    private string? _error;
    private bool _isLoaded;

    [Inject]
    internal PageUser User { get; set; } = null!;

    [Inject]
    internal JobDesk Desk { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
    }

    protected override Task OnInitializedAsync() => LoadAsync();

    private Task LoadAsync() =>
        TryAsync(async () =>
        {
            var owner = await User.OwnerAsync(Scopes.Read, _left.Token);
            var filter = new JobFilter(owner, Dialect: null, PageSize + 1)
            {
                States =
                    _filter == Busy ? BusyStates
                    : Names.Parse<JobState>(_filter) is { } state ? [state]
                    : null,
                After = _next,
                IsAnalysis = false,
            };
            var found = await Desk.ListAsync(filter, _left.Token);
            _jobs.AddRange(found.Take(PageSize));
            _next = found.Count > PageSize ? _jobs[^1].Id : null;
            _isLoaded = true;
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
            await Desk.RetryAsync(await User.OwnerAsync(Scopes.Submit, _left.Token), id, _left.Token);
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
            await Desk.DeleteAsync(await User.OwnerAsync(Scopes.Submit, _left.Token), id, _left.Token);
            _jobs.RemoveAll(job => job.Id == id);
        });
    }

    private async Task TryAsync(Func<Task> run)
    {
        try
        {
            _error = null;
            await run();
        }
        catch (RequestException error)
        {
            _error = ErrorWords.Of(error);
        }
        catch (OperationCanceledException) when (_left.IsCancellationRequested)
        {
            // Nobody looks any more.
        }
    }
}
