using System.Text.Json;
using LatentSync.GpuBenchmarks;

namespace LatentSync.Cli.Reporting;

/// <summary>What was measured on a card, as a Markdown table or as JSON.</summary>
internal static class BenchReport
{
    private const double Mebibyte = 1 << 20;
    private const double Percent = 100;

    /// <summary>A table, and the longest operations of each row.</summary>
    public static void WriteText(IReadOnlyList<GpuBenchmarkRow> rows, int operations)
    {
        Console.WriteLine(
            "| budget | plan | encode ms | denoise ms | decode ms | frames/s | TFLOP/s | of a large product "
                + "| predicted MiB | measured MiB | own predicted | own measured | streamed MiB "
                + "| load s | first clip s | step error | PSNR to float32 | PSNR to first | growth device, host MiB |"
        );
        Console.WriteLine("|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var row in rows)
        {
            string[] cells =
            [
                row.Budget == 0 ? "-" : Invariant($"{row.Budget / (double)(1L << 30):0.0}"),
                row.Plan,
                Invariant($"{row.EncodeMilliseconds:0.0}"),
                Invariant($"{row.DenoiseMilliseconds:0.0}"),
                Invariant($"{row.DecodeMilliseconds:0.0}"),
                Invariant($"{row.FramesPerSecond:0.00}"),
                Invariant($"{row.TeraFlops:0}"),
                Invariant($"{Percent * row.TeraFlops / row.LimitTeraFlops:0} %"),
                Invariant($"{row.PredictedBytes / Mebibyte:0}"),
                Invariant($"{row.MeasuredBytes / Mebibyte:0}"),
                Invariant($"{row.PredictedArenaBytes / Mebibyte:0}"),
                Invariant($"{row.MeasuredArenaBytes / Mebibyte:0}"),
                Invariant($"{row.StreamedBytes / Mebibyte:0}"),
                Invariant($"{row.LoadSeconds:0.0}"),
                Invariant($"{row.FirstClipSeconds:0.00}"),
                Invariant($"{row.StepError:0.00e+0}"),
                Invariant($"{row.PsnrToFloat32:0.0}"),
                Invariant($"{row.PsnrToFirst:0.0}"),
                Invariant($"{row.DeviceGrowth / Mebibyte:0}, {row.HostGrowth / Mebibyte:0}"),
            ];
            Console.WriteLine($"| {string.Join(" | ", cells)} |");
        }

        foreach (var row in rows.Where(_ => operations > 0))
        {
            Console.WriteLine($"\n{row.Plan}:");
            foreach (var (operation, uses, milliseconds) in row.Profile.Take(operations))
            {
                Console.WriteLine(FormattableString.Invariant($"  {milliseconds, 9:0.00} ms {uses, 5} x {operation}"));
            }
        }
    }

    /// <summary>One object for each row.</summary>
    public static void WriteJson(IReadOnlyList<GpuBenchmarkRow> rows)
    {
        foreach (var row in rows)
        {
            JsonLines.Write(
                JsonSerializer
                    .SerializeToNode(
                        new
                        {
                            row.Plan,
                            row.Budget,
                            row.EncodeMilliseconds,
                            row.DenoiseMilliseconds,
                            row.DecodeMilliseconds,
                            row.FramesPerSecond,
                            row.TeraFlops,
                            row.LimitTeraFlops,
                            row.PredictedBytes,
                            row.MeasuredBytes,
                            row.StreamedBytes,
                            row.LoadSeconds,
                            row.FirstClipSeconds,
                            row.StepError,
                            row.PsnrToFirst,
                            row.PsnrToFloat32,
                            row.DeviceGrowth,
                            row.HostGrowth,
                            Profile = row.Profile.Select(operation => new
                            {
                                operation.Operation,
                                operation.Uses,
                                operation.Milliseconds,
                            }),
                        }
                    )!
                    .AsObject()
            );
        }
    }
}
