using System.Text.Json.Nodes;
using LatentSync.FrontEnd.Events;
using LatentSync.FrontEnd.Words;

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
                    Console.Error.WriteLine(CommandWords.Say($"{StageNames.Of(progress)}: {Rest(progress)}"));
                }
            })
        );
    }

    private static string Line(ModelProgress progress, int room) =>
        ProgressLine.Format(
            StageNames.Of(progress),
            Columns.Of(StageNames.Of(progress)),
            progress.Total == 0 ? 1 : (double)progress.Done / progress.Total,
            Rest(progress),
            room,
            Terminal.IsUnicode
        );

    private static string Rest(ModelProgress progress)
    {
        var (done, total, rate) = (progress.Done / Megabyte, progress.Total / Megabyte, progress.BytesPerSecond / Megabyte);
        return CommandWords.Say(
            StageNames.TimeLeft(progress.Remaining) is { Length: > 0 } left
                ? $"{done:0} of {total:0} MB, {rate:0.0} MB/s, {left}"
                : (FormattableString)$"{done:0} of {total:0} MB, {rate:0.0} MB/s"
        );
    }

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
