using System.Text;
using LatentSync.Page.Words;
using Microsoft.AspNetCore.Components;
using static LatentSync.Page.Words.PageWords;

namespace LatentSync.Page.Admin;

/// <summary>Memory over the last ten minutes.</summary>
public sealed partial class MemoryPlot
{
    private const double Width = 600;
    private const double Height = 100;
    private const double Window = 600;
    private const double Headroom = 1.25;

    // Readings come every two seconds while something runs or somebody looks; in between nothing is known.
    private const double LongestGap = 15;

    [Parameter, EditorRequired]
    public required string Title { get; set; }

    /// <summary>The oldest first.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<PlotPoint> Points { get; set; }

    /// <summary>All there is, in bytes; 0 to fit the plot to what is used.</summary>
    [Parameter]
    public long Total { get; set; }

    private long Top => Math.Max(1, Total > 0 ? Total : (long)(Points.Select(point => point.Bytes).DefaultIfEmpty().Max() * Headroom));

    private string Description
    {
        get
        {
            if (Points.Count == 0)
            {
                return Say($"Memory of the last ten minutes: nothing was read.");
            }

            var (low, high) = (StateWords.Bytes(Points.Min(point => point.Bytes)), StateWords.Bytes(Points.Max(point => point.Bytes)));
            return Say($"Memory of the last ten minutes: from {low} to {high}, at last {StateWords.Bytes(Points[^1].Bytes)}.");
        }
    }

    /// <summary>Readings that follow each other without a gap.</summary>
    internal List<List<PlotPoint>> Runs()
    {
        var runs = new List<List<PlotPoint>>();
        foreach (var point in Points)
        {
            if (runs.Count == 0 || runs[^1][^1].Age - point.Age > LongestGap)
            {
                runs.Add([]);
            }

            runs[^1].Add(point);
        }

        return runs;
    }

    private string Area(List<PlotPoint> run)
    {
        var text = new StringBuilder();
        text.Append(Invariant($"{X(run[0].Age):0.#},{Height}"));
        foreach (var point in run)
        {
            text.Append(Invariant($" {X(point.Age):0.#},{Y(point.Bytes):0.#}"));
        }

        // One reading is shown too.
        return text.Append(Invariant($" {X(run[^1].Age) + 1:0.#},{Y(run[^1].Bytes):0.#} {X(run[^1].Age) + 1:0.#},{Height}")).ToString();
    }

    private string Line(List<PlotPoint> run) =>
        string.Join(' ', run.Where(point => point.OwnBytes is not null).Select(point => Invariant($"{X(point.Age):0.#},{Y(point.OwnBytes!.Value):0.#}")));

    private static double X(double age) => Width * (1 - Math.Clamp(age / Window, 0, 1));

    private double Y(long bytes) => Height * (1 - Math.Clamp((double)bytes / Top, 0, 1));
}
