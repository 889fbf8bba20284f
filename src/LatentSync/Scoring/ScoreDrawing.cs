using System.Security;
using System.Text;

namespace LatentSync.Scoring;

/// <summary>Draws mouth opening, loudness and SyncNet's similarity over time as SVG, readable on light and dark pages.</summary>
internal static class ScoreDrawing
{
    private const double Height = 220;
    private const double Left = 40;
    private const double Top = 40;
    private const double MostPixelsPerFrame = 4;
    private const double PixelsPerLabel = 50;

    // Cairo, which draws the PNG, takes no picture above 32767 pixels.
    private const double WidestCurve = 16000;

    // A window of SyncNet is drawn at its middle.
    private const int HalfWindow = 8;

    /// <summary>
    /// Loudness as an area; the opening, scaled to its own maximum, and the similarity, from 0 to 1, as lines broken where
    /// there are no values.
    /// </summary>
    public static string Draw(LipSyncScore score, string title)
    {
        var perFrame = Math.Min(MostPixelsPerFrame, WidestCurve / score.Frames);
        var svg = new StringBuilder();
        svg.Append(
            Invariant($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{(2 * Left) + (score.Frames * perFrame):0}\" height=\"{Height + (2 * Top):0}\" ")
        );
        svg.Append("font-family=\"sans-serif\" font-size=\"12\" fill=\"#7d8590\">\n");
        var curves = score.SyncNet is null
            ? "mouth opening (blue) and loudness (grey)"
            : "mouth opening (blue), loudness (grey) and SyncNet similarity (orange)";
        svg.Append(Invariant($"<text x=\"{Left}\" y=\"20\">{SecurityElement.Escape(title)}: {curves}</text>\n"));
        var area = string.Join(' ', score.Loudness.Select((value, frame) => Point(frame, value)));
        svg.Append(Invariant($"<polygon points=\"{Point(0, 0)} {area} {Point(score.Frames - 1, 0)}\" fill=\"#8b949e\" fill-opacity=\"0.35\"/>\n"));
        var widest = score.Opening.Where(value => !double.IsNaN(value)).DefaultIfEmpty(0).Max();
        DrawLine([.. score.Opening.Select(value => widest > 0 ? value / widest : value)], "#2f81f7");
        if (score.SyncNet is { } syncNet)
        {
            DrawLine([.. Enumerable.Repeat(double.NaN, HalfWindow), .. syncNet.Similarities], "#d29922");
        }

        // Whole seconds, as many as there is room for.
        var labelStep = (int)Math.Ceiling(PixelsPerLabel / (FrameSchedule.FramesPerSecond * perFrame));
        for (var second = 0; second * FrameSchedule.FramesPerSecond < score.Frames; second += labelStep)
        {
            svg.Append(Invariant($"<text x=\"{X(second * FrameSchedule.FramesPerSecond):0.#}\" y=\"{Top + Height + 18:0}\">{second} s</text>\n"));
        }

        return svg.Append("</svg>\n").ToString();

        double X(int frame) => Left + (frame * perFrame);

        string Point(int frame, double value) => Invariant($"{X(frame):0.##},{Top + (Height * (1 - value)):0.#}");

        void DrawLine(IReadOnlyList<double> values, string color)
        {
            foreach (var stretch in Stretches(values))
            {
                // A single point twice, which the round ends make a dot.
                var points = stretch.Append(stretch[^1]).Select(frame => Point(frame, values[frame]));
                svg.Append(
                    Invariant(
                        $"<polyline points=\"{string.Join(' ', points)}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"1.5\" stroke-linecap=\"round\"/>\n"
                    )
                );
            }
        }
    }

    /// <summary>Runs of frames with a value.</summary>
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
