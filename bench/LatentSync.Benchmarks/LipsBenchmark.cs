using System.Globalization;
using LatentSync.Scoring;

namespace LatentSync.Benchmarks;

/// <summary>How well the lips of results follow the loudness of their sound and the true opening for it, over all of them together.</summary>
internal static class LipsBenchmark
{
    /// <summary>The option that asks for it.</summary>
    public const string Option = "--lips";

    private const int Range = 4;

    /// <summary>Writes a row of a table.</summary>
    /// <param name="opening">A file with the true opening of each frame of the voice, a line each.</param>
    /// <param name="results">Videos that speak it.</param>
    public static async Task RunAsync(string opening, IEnumerable<string> results)
    {
        var lines = await File.ReadAllLinesAsync(opening);
        double[] truth = [.. lines.Where(line => !line.StartsWith('#')).Select(line => double.Parse(line, CultureInfo.InvariantCulture))];
        var rows = new List<(double True, double Loudness, int Offset, double? Closed)>();
        foreach (var result in results)
        {
            var score = await LipSyncMeter.MeasureAsync(result, audio: null, progress: null, CancellationToken.None);
            double[] seen = [.. score.Opening.Take(truth.Length)];
            var correlations = OffsetSearch.Correlations(seen, truth.AsSpan(0, seen.Length), Range);
            rows.Add(
                (correlations[Range], score.CorrelationAtZero ?? double.NaN, Array.IndexOf(correlations, correlations.Max()) - Range, score.ClosedInSilence)
            );
        }

        Console.WriteLine("| true opening | best offset | loudness | closed in silence |");
        Console.WriteLine("|---|---|---|---|");
        var offsets = string.Join(", ", rows.Select(row => row.Offset));
        Console.WriteLine($"| {Join(row => row.True)} | {offsets} | {Join(row => row.Loudness)} | {Join(row => row.Closed ?? double.NaN)} |");

        string Join(Func<(double True, double Loudness, int Offset, double? Closed), double> value) =>
            string.Join(", ", rows.Select(row => FormattableString.Invariant($"{value(row):0.00}")));
    }
}
