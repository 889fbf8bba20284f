using System.Globalization;
using System.Text;
using LatentSync.Page.Jobs;
using Microsoft.AspNetCore.Components;

namespace LatentSync.Page.Components;

/// <summary>The opening of the mouth and the loudness of the sound over time.</summary>
public sealed partial class ScorePlot
{
    private const double Width = 1000;
    private const double Height = 120;
    private const double Margin = 4;

    /// <summary>With curves.</summary>
    [Parameter, EditorRequired]
    public required ScoreFacts Score { get; set; }

    private string Area =>
        Score.Loudness.Count == 0 ? string.Empty : Invariant($"M0 {Height}") + Path(Score.Loudness, 'L', scale: 1) + Invariant($"L{Width} {Height}Z");

    // Its unit says nothing; its shape does.
    private string Line => Path(Score.Opening, 'M', Score.Opening.Max() is > 0 and var most ? 1 / most : 0);

    private static string Path(IReadOnlyList<double?> values, char first, double scale)
    {
        var path = new StringBuilder();
        var command = first;
        foreach (var (index, value) in values.Index())
        {
            if (value is not { } height)
            {
                command = first;
                continue;
            }

            var x = values.Count > 1 ? Width * index / (values.Count - 1) : 0;
            path.Append(CultureInfo.InvariantCulture, $"{command}{x:0.#} {Height - Margin - (height * scale * (Height - (2 * Margin))):0.#}");
            command = 'L';
        }

        return path.ToString();
    }
}
