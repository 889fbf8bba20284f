using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using LatentSync.Imaging;
using LatentSync.Tensors;
using static System.FormattableString;

namespace LatentSync.TestKit;

/// <summary>
/// Compares tensors with the reference and keeps every comparison, so that a test run ends with one table:
/// tensor, measure, error, limit, error as a percentage of the limit. Written to <c>artifacts/parity/NAME.md</c>.
/// </summary>
internal sealed class ParityTable(string name) : IDisposable
{
    private static readonly ConcurrentBag<ParityRow> Rows = [];

    /// <summary>Relative L2 error: |actual - expected| / |expected|.</summary>
    public static void RelativeL2(string tensor, Tensor actual, Tensor expected, double limit)
    {
        actual.RequireShape(tensor, [.. expected.Shape]);
        double difference = 0,
            norm = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            var delta = (double)actual.Data[i] - expected.Data[i];
            difference += delta * delta;
            norm += (double)expected.Data[i] * expected.Data[i];
        }

        Check(tensor, "relative L2", Math.Sqrt(difference / norm), limit);
    }

    /// <summary>The largest absolute difference.</summary>
    public static void MaxAbsolute(string tensor, Tensor actual, Tensor expected, double limit)
    {
        actual.RequireShape(tensor, [.. expected.Shape]);
        MaxAbsolute(tensor, actual.Span, expected.Span, limit);
    }

    /// <summary>The largest absolute difference.</summary>
    public static void MaxAbsolute(string tensor, ReadOnlySpan<float> actual, ReadOnlySpan<float> expected, double limit)
    {
        if (actual.Length != expected.Length)
        {
            throw new ParityException($"{tensor}: {actual.Length} values, the reference has {expected.Length}.");
        }

        double worst = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            var error = Math.Abs((double)actual[i] - expected[i]);
            worst = double.IsNaN(error) ? double.NaN : Math.Max(worst, error);
            if (double.IsNaN(worst))
            {
                break;
            }
        }

        Check(tensor, "max absolute", worst, limit);
    }

    /// <summary>
    /// A picture against what is known of the golden one, by the limits of
    /// <see cref="Image(string, ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>.
    /// </summary>
    public static void Image(string image, RgbImage actual, GoldenPicture expected)
    {
        if ((actual.Width, actual.Height) != (expected.Image.Width, expected.Image.Height))
        {
            throw new ParityException(Invariant($"{image}: {actual.Width}x{actual.Height}, the reference has {expected.Image.Width}x{expected.Image.Height}."));
        }

        Image(image, expected.Select(actual), expected.Select(expected.Image));
    }

    /// <summary>8-bit images: mean absolute difference at most 1.0, and at most 0.1 % of the values off by more than 3.</summary>
    public static void Image(string image, ReadOnlySpan<byte> actual, ReadOnlySpan<byte> expected)
    {
        if (actual.Length != expected.Length)
        {
            throw new ParityException($"{image}: {actual.Length} bytes, the reference has {expected.Length}.");
        }

        long sum = 0,
            far = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            var error = Math.Abs(actual[i] - expected[i]);
            sum += error;
            far += error > 3 ? 1 : 0;
        }

        Check(image, "mean absolute", (double)sum / expected.Length, 1.0);
        Check(image, "% of values off by more than 3", 100.0 * far / expected.Length, 0.1);
    }

    /// <summary>Records the error and throws if it is above the limit or not a number.</summary>
    public static void Check(string tensor, string measure, double error, double limit)
    {
        Rows.Add(new ParityRow(tensor, measure, error, limit));
        if (!(error <= limit))
        {
            throw new ParityException(string.Create(CultureInfo.InvariantCulture, $"{tensor}: {measure} {error:g4} is above the limit {limit:g4}."));
        }
    }

    /// <summary>Writes the table.</summary>
    public void Dispose()
    {
        if (Rows.IsEmpty)
        {
            return;
        }

        var text = new StringBuilder("| tensor | measure | error | limit | % of limit |\n|---|---|---:|---:|---:|\n");
        foreach (var row in Rows.OrderBy(row => row.Tensor, StringComparer.Ordinal).ThenBy(row => row.Measure, StringComparer.Ordinal))
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {row.Tensor} | {row.Measure} | {row.Error:g3} | {row.Limit:g3} | {100 * row.Error / row.Limit:f1} |\n"
            );
        }

        var folder = Path.Combine(RepositoryFolder.Path, "artifacts", "parity");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, name + ".md"), text.ToString());
    }
}
