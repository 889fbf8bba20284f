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

    /// <summary>An event with the number of the job of a batch that it belongs to, if there is one.</summary>
    public static JsonObject OfJob(JsonObject line, int? job)
    {
        if (job is not null)
        {
            line["job"] = job;
        }

        return line;
    }
}
