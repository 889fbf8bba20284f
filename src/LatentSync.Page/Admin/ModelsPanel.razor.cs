using System.Diagnostics.CodeAnalysis;
using LatentSync.FrontEnd.Words;
using LatentSync.Page.Words;
using LatentSync.Server.Models;
using LatentSync.Server.Security;
using Microsoft.AspNetCore.Components;
using static LatentSync.Page.Words.PageWords;

namespace LatentSync.Page.Admin;

/// <summary>The models of this machine, and those to download.</summary>
public sealed partial class ModelsPanel
{
    private const int CommitLetters = 7;

    private IReadOnlyList<ModelSummary> _models = [];
    private ModelTask? _seen;

    [Inject]
    internal ModelLibrary Library { get; set; } = null!;

    [Inject]
    internal ModelTasks Tasks { get; set; } = null!;

    [CascadingParameter]
    [SuppressMessage("CodeQuality", "IDE0051", Justification = "A new one comes whenever the view looks again, and this is drawn anew.")]
    private AdminFacts Facts { get; set; } = null!;

    private bool IsBusy => Tasks.Current is not null;

    protected override Task OnInitializedAsync() => ReadAsync();

    protected override async Task OnParametersSetAsync()
    {
        // Only a download changes what is there.
        if (_seen is { Action: ModelAction.Pull } && Tasks.Current is null)
        {
            await ReadAsync();
        }

        _seen = Tasks.Current;
    }

    private Task ReadAsync() =>
        TryAsync(() =>
        {
            _models = Library.List();
            return System.Threading.Tasks.Task.CompletedTask;
        });

    private Task StartAsync(string model, ModelAction action) =>
        TryAsync(async () =>
        {
            await Tasks.StartAsync(model, action, await User.OwnerAsync(Scopes.Admin, Left));
            _seen = Tasks.Current;
        });

    private Task CancelAsync() => TryAsync(async () => await Tasks.CancelAsync(await User.OwnerAsync(Scopes.Admin, Left)));

    private ModelTask? Task(string model) => Tasks.Current is { } current && current.Model == model ? current : Tasks.Last(model);

    private bool IsShipped(ModelSummary model) => Library.Shipped?.Name == model.Name;

    private static string State(ModelState state) =>
        state switch
        {
            ModelState.Ready => Say($"Installed"),
            ModelState.Shipped => Say($"Built in"),
            ModelState.NotPulled => Say($"Not installed"),
            _ => Say($"Incomplete"),
        };

    private static string Chip(ModelState state) =>
        state switch
        {
            ModelState.Ready or ModelState.Shipped => "good",
            ModelState.NotPulled => "off",
            _ => "bad",
        };

    private static string Described(ModelSummary model) =>
        (model.Length > 0 ? StateWords.Bytes(model.Length) + "; " : null)
        + CommandWords.Say(model.Origin)
        + (Revisions(model) is { } revisions ? "; " + revisions : null);

    private static string? Revisions(ModelSummary model)
    {
        var commits = model.Files.Select(file => file.Source?.Split('@') is [_, var commit] ? commit[..Math.Min(CommitLetters, commit.Length)] : null);
        var known = commits.OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        return known.Count == 0 ? null : Say($"revision {string.Join(", ", known)}");
    }

    private static double Percent(ModelTask task) => task.Progress is { Total: > 0 } progress ? Math.Round(100.0 * progress.Done / progress.Total, 1) : 0;

    private static string Doing(ModelAction action) => action == ModelAction.Pull ? Say($"Pulling") : Say($"Verifying");

    private static string Told(ModelTask task) =>
        task.State switch
        {
            ModelTaskState.Running => task.Progress is { } progress ? Running(task, progress) : Doing(task.Action),
            ModelTaskState.Cancelled when task.Action == ModelAction.Pull => Say($"Stopped; what was downloaded is kept for the next pull."),
            ModelTaskState.Cancelled => Say($"Stopped."),
            ModelTaskState.Failed => task.Sentence is { } sentence ? CommandWords.Say(sentence) : Say($"Files are not as they were recorded:"),
            _ when task.Action == ModelAction.Pull => Say($"Pulled, and all files verified."),
            _ => Say($"Verified: all files are as they were recorded."),
        };

    private static string Running(ModelTask task, ModelProgress progress)
    {
        var text = Say($"{Doing(task.Action)}: {StateWords.Bytes(progress.Done)} of {StateWords.Bytes(progress.Total)}");
        var rate = progress.BytesPerSecond > 0 ? Say($", {StateWords.Bytes((long)progress.BytesPerSecond)} a second") : string.Empty;
        return text + rate + (progress.Remaining is { } left ? Say($", {StateWords.Duration(left.TotalSeconds)} left") : string.Empty);
    }
}
