using LatentSync.Server.Jobs;
using LatentSync.Server.Models;

namespace LatentSync.Server.Api.Views;

/// <summary>A model as clients read it.</summary>
/// <param name="Name">What a job names it by.</param>
/// <param name="State"><c>ready</c>, <c>shipped</c> with the program, <c>not_pulled</c>, <c>incomplete</c>.</param>
/// <param name="Version">The LatentSync version; null if unknown.</param>
/// <param name="Bytes">Of all its files; 0 if it is not on this machine.</param>
/// <param name="Revisions">Repositories and commits its files are of.</param>
/// <param name="Added">When it was downloaded or imported; null if it was not.</param>
/// <param name="Task">The check or download that is under way, else the last since the server's start; null for none.</param>
internal sealed record ModelView(
    string Name,
    string State,
    string? Version,
    long Bytes,
    IReadOnlyList<string> Revisions,
    DateTimeOffset? Added,
    ModelTaskView? Task
)
{
    public static ModelView Of(ModelSummary model, ModelTasks tasks) =>
        new(
            model.Name,
            Names.Of(model.State),
            model.Version,
            model.Length,
            [.. model.Files.Select(file => file.Source).OfType<string>().Distinct(StringComparer.Ordinal)],
            model.Added,
            tasks.Current is { } current && current.Model == model.Name ? ModelTaskView.Of(current)
                : tasks.Last(model.Name) is { } last ? ModelTaskView.Of(last)
                : null
        );
}
