using System.Globalization;

namespace LatentSync.Benchmarks;

/// <summary>What the benchmark is asked for.</summary>
/// <param name="Video">A video with a face.</param>
/// <param name="Runs">Frames of each whole run.</param>
/// <param name="ClipTime">What the stand-in takes for a clip; null times the stages too.</param>
/// <param name="FramesAtOnce">On how many frames faces are looked for at once in whole runs; null as beside a card.</param>
/// <param name="IsRow">Whether only the row of one run is wanted.</param>
internal sealed record Arguments(string Video, IReadOnlyList<int> Runs, TimeSpan? ClipTime, int? FramesAtOnce, bool IsRow)
{
    public const string ClipTimeOption = "--clip-ms";
    public const string AtOnceOption = "--at-once";
    public const string RowOption = "--row";

    /// <summary>Null if they cannot be understood.</summary>
    public static Arguments? Parse(string[] arguments)
    {
        var (plain, clipTime, atOnce, isRow) = (new List<string>(), (TimeSpan?)null, (int?)null, false);
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] == RowOption)
            {
                isRow = true;
            }
            else if (arguments[i] is not (ClipTimeOption or AtOnceOption))
            {
                plain.Add(arguments[i]);
            }
            else if (i + 1 < arguments.Length && Number(arguments[i + 1]) is { } number)
            {
                if (arguments[i++] == AtOnceOption)
                {
                    atOnce = number;
                }
                else
                {
                    clipTime = TimeSpan.FromMilliseconds(number);
                }
            }
            else
            {
                return null;
            }
        }

        var runs = plain.Skip(1).Select(Number).ToList();
        return plain.Count == 0 || runs.Contains(null)
            ? null
            : new Arguments(plain[0], runs.Count > 0 ? [.. runs.Select(frames => frames!.Value)] : [250, 1000], clipTime, atOnce, isRow);
    }

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
