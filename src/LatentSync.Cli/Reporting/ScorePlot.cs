using System.Security;
using System.Text;

namespace LatentSync.Cli.Reporting;

/// <summary>Draws mouth opening and loudness over time as SVG, readable on light and dark pages.</summary>
internal static class ScorePlot
{
    private const double Height = 220;
    private const double Left = 40;
    private const double Top = 40;
    private const double PixelsPerFrame = 4;
    private const int FramesPerSecond = 25;

    /// <summary>Writes the file.</summary>
    /// <exception cref="LipSyncException">OutputFailed.</exception>
    public static void Write(string path, LipSyncScore score, string title)
    {
        try
        {
            File.WriteAllText(path, Draw(score, title));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LipSyncException(LipSyncErrorCode.OutputFailed, $"The plot \"{path}\" cannot be written; choose another place.", error) { Path = path };
        }
    }

    /// <summary>The drawing: loudness as an area, the opening, scaled to its own maximum, as a line broken where there is no face.</summary>
    public static string Draw(LipSyncScore score, string title)
    {
        var width = (2 * Left) + (score.Frames * PixelsPerFrame);
        var svg = new StringBuilder();
        svg.Append(Invariant($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:0}\" height=\"{Height + (2 * Top):0}\" font-family=\"sans-serif\" font-size=\"12\" fill=\"#7d8590\">\n"));
        svg.Append(Invariant($"<text x=\"{Left}\" y=\"20\">{SecurityElement.Escape(title)}: mouth opening (blue) and loudness (grey)</text>\n"));
        var area = string.Join(' ', score.Loudness.Select((value, frame) => Point(frame, value)));
        svg.Append(Invariant($"<polygon points=\"{Point(0, 0)} {area} {Point(score.Frames - 1, 0)}\" fill=\"#8b949e\" fill-opacity=\"0.35\"/>\n"));
        var highest = score.Opening.Where(value => !double.IsNaN(value)).DefaultIfEmpty(1).Max();
        foreach (var stretch in Stretches(score.Opening))
        {
            var line = string.Join(' ', stretch.Select(frame => Point(frame, highest > 0 ? score.Opening[frame] / highest : 0)));
            svg.Append(Invariant($"<polyline points=\"{line}\" fill=\"none\" stroke=\"#2f81f7\" stroke-width=\"1.5\"/>\n"));
        }

        for (var second = 0; second * FramesPerSecond < score.Frames; second++)
        {
            svg.Append(Invariant($"<text x=\"{X(second * FramesPerSecond):0.#}\" y=\"{Top + Height + 18:0}\">{second} s</text>\n"));
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static double X(int frame) => Left + (frame * PixelsPerFrame);

    private static string Point(int frame, double value) => Invariant($"{X(frame):0.#},{Top + (Height * (1 - value)):0.#}");

    /// <summary>Runs of frames with a face.</summary>
    private static IEnumerable<List<int>> Stretches(IReadOnlyList<double> values)
    {
        var stretch = new List<int>();
        for (var frame = 0; frame <= values.Count; frame++)
        {
            if (frame < values.Count && !double.IsNaN(values[frame]))
            {
                stretch.Add(frame);
            }
            else if (stretch.Count > 0)
            {
                yield return stretch;
                stretch = [];
            }
        }
    }
}
