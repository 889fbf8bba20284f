using LatentSync.FrontEnd.Words;
using LatentSync.Server.Jobs;
using LatentSync.Server.Models;

namespace LatentSync.Server.Api.Views;

/// <summary>A check or a download of a model as clients read it.</summary>
/// <param name="Action"><c>verify</c> or <c>pull</c>.</param>
/// <param name="State"><c>running</c>, <c>succeeded</c>, <c>failed</c>, <c>cancelled</c>.</param>
/// <param name="Since">When it began or ended.</param>
/// <param name="Done">Bytes.</param>
/// <param name="Total">Of how many; 0 before the first.</param>
/// <param name="Errors">What is wrong, a sentence each.</param>
internal sealed record ModelTaskView(string Action, string State, DateTimeOffset Since, long Done, long Total, IReadOnlyList<string> Errors)
{
    public static ModelTaskView Of(ModelTask task) =>
        new(
            Names.Of(task.Action),
            Names.Of(task.State),
            task.Since,
            task.Progress?.Done ?? 0,
            task.Progress?.Total ?? 0,
            task.Sentence is { } sentence
                ? [CommandWords.SayInEnglish(sentence)]
                : [.. task.Problems.Select(problem => $"{Path.GetFileName(problem.Path)}: {problem.Problem}.")]
        );
}
