using LatentSync.Page.Jobs;
using Microsoft.AspNetCore.Components;

namespace LatentSync.Page.Components;

/// <summary>How well the lips follow the sound, with the two curves that are compared.</summary>
public sealed partial class ScorePanel
{
    private const int MostPoints = 500;
    private const double Width = 1000;
    private const double Height = 100;

    [Parameter]
    public ScoreFacts? Score { get; set; }

    /// <summary>A curve between its lowest and highest value; of a long video every n-th frame.</summary>
    private static string Points(IReadOnlyList<double?> values)
    {
        var step = Math.Max(1, values.Count / MostPoints);
        var highest = Math.Max(values.Max() ?? 0, 1e-6);
        var points = values
            .Index()
            .Where(value => value.Index % step == 0 && value.Item is not null)
            .Select(value => Invariant($"{Width * value.Index / (values.Count - 1):0.#},{Height * (1 - (value.Item!.Value / highest)):0.#}"));
        return string.Join(' ', points);
    }
}
