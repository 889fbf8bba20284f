using System.Text.Json.Nodes;
using LatentSync.FrontEnd.Events;

namespace LatentSync.Cli.Reporting;

/// <summary>Shows how far a download, check or import is: a bar on a terminal, JSON lines on request, a line at each tenth in a log.</summary>
internal static class ModelProgressView
{
    private const int Tenths = 10;
    private const double Megabyte = 1e6;

    /// <summary>Runs a job and shows how far it is.</summary>
    public static async Task<T> RunAsync<T>(bool json, Func<IProgress<ModelProgress>, Task<T>> job)
    {
        if (json)
        {
            return await job(new DirectProgress<ModelProgress>(progress => JsonLines.Write(Describe(progress))));
        }

        if (Terminal.CanRedraw)
        {
            return await Terminal.RunAsync(lines => job(new DirectProgress<ModelProgress>(progress => lines.Show([Line(progress, lines.Room)]))));
        }

        var last = -1L;
        return await job(
            new DirectProgress<ModelProgress>(progress =>
            {
                var tenth = progress.Total == 0 ? Tenths : progress.Done * Tenths / progress.Total;
                if (tenth > last)
                {
                    last = tenth;
                    Console.Error.WriteLine(Text(progress));
                }
            })
        );
    }

    private static string Line(ModelProgress progress, int room) =>
        ProgressLine.Format(
            progress.Action,
            progress.Action.Length,
            progress.Total == 0 ? 1 : (double)progress.Done / progress.Total,
            Text(progress)[(progress.Action.Length + ": ".Length)..],
            room,
            Terminal.IsUnicode
        );

    private static string Text(ModelProgress progress) =>
        Invariant($"{progress.Action}: {progress.Done / Megabyte:0} of {progress.Total / Megabyte:0} MB, ")
        + Invariant($"{progress.BytesPerSecond / Megabyte:0.0} MB/s{TimeLeft(progress)}");

    private static string TimeLeft(ModelProgress progress) =>
        progress.Remaining is { } left && left > TimeSpan.Zero ? $", {StageNames.Clock(left)} left" : string.Empty;

    private static JsonObject Describe(ModelProgress progress) =>
        new()
        {
            ["event"] = "progress",
            ["stage"] = progress.Action,
            ["done"] = progress.Done,
            ["total"] = progress.Total,
            ["bytes_per_second"] = Math.Round(progress.BytesPerSecond),
            ["remaining_seconds"] = progress.Remaining is { } left ? Math.Round(left.TotalSeconds, 1) : null,
        };
}
