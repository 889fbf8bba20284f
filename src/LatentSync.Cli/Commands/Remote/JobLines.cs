using System.Text.Json.Nodes;
using LatentSync.Client;
using LatentSync.FrontEnd.Words;

namespace LatentSync.Cli.Commands.Remote;

/// <summary>Jobs of a server, told to people and programs.</summary>
internal static class JobLines
{
    /// <summary>For programs.</summary>
    public static JsonObject Event(ServerJob job) =>
        new()
        {
            ["event"] = "job",
            ["id"] = job.Id,
            ["state"] = job.State,
            ["segments_done"] = job.Segments.Done,
            ["segments"] = job.Segments.Total,
            ["position"] = job.Position,
            ["error"] = job.Error?.Message,
        };

    /// <summary>For people, one line.</summary>
    public static string Line(ServerJob job) =>
        CommandWords.Say($"{job.Id}: {job.State}")
        + (job.Position is { } position ? CommandWords.Say($", {position} jobs before it") : string.Empty)
        + (job.Segments.Total > 0 ? CommandWords.Say($", {job.Segments.Done} of {job.Segments.Total} segments") : string.Empty)
        + (job.Error is { } error ? ": " + error.Message : string.Empty);
}
