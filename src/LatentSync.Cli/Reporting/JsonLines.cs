using System.Text.Json.Nodes;

namespace LatentSync.Cli.Reporting;

/// <summary>Events for other programs: one JSON object per line on standard output.</summary>
internal static class JsonLines
{
    private static readonly Lock Gate = new();

    public static void Write(JsonObject line)
    {
        lock (Gate)
        {
            Console.Out.WriteLine(line.ToJsonString());
        }
    }

    /// <summary>A progress event.</summary>
    public static JsonObject Progress(LipSyncProgress progress) => new()
    {
        ["event"] = "progress",
        ["stage"] = progress.Stage.ToString().ToLowerInvariant(),
        ["done"] = progress.Done,
        ["total"] = progress.Total,
        ["remaining_seconds"] = progress.Remaining is { } remaining ? Math.Round(remaining.TotalSeconds, 1) : null,
    };
}
