using System.Text.Json;
using System.Text.Json.Nodes;
using LatentSync.FrontEnd.Events;
using LatentSync.FrontEnd.Words;

namespace LatentSync.Worker;

/// <summary>What the worker tells the host, as JSON.</summary>
internal static class WorkerEvents
{
    private const string ProtocolKind = "protocol";

    public static JsonObject Hello() =>
        new()
        {
            ["event"] = "hello",
            ["protocol"] = WorkerSession.Protocol,
            ["version"] = typeof(LipSyncEngine).Assembly.GetName().Version!.ToString(3),
            ["features"] = new JsonArray("masks", "faces", "pull_model", "segments", "score", "memory"),
        };

    /// <summary>The same as the command line's event.</summary>
    public static JsonObject Progress(LipSyncProgress progress) => JobEvents.Progress(progress);

    /// <summary>How far a download is, in bytes.</summary>
    public static JsonObject Progress(ModelProgress progress) =>
        new()
        {
            ["event"] = "progress",
            ["stage"] = progress.Action,
            ["done"] = progress.Done,
            ["total"] = progress.Total,
            ["remaining_seconds"] = progress.Remaining is { } remaining ? Math.Round(remaining.TotalSeconds, 1) : null,
        };

    /// <summary>Where the next painted frame is painted.</summary>
    public static JsonObject Mask(LipSyncMask mask) =>
        new()
        {
            ["event"] = "mask",
            ["left"] = mask.Left,
            ["top"] = mask.Top,
            ["width"] = mask.Width,
            ["height"] = mask.Height,
        };

    /// <summary>The faces of a frame in which people were chosen, in pixels of the frame.</summary>
    public static JsonObject Faces(LipSyncFaces found) =>
        new()
        {
            ["event"] = "faces",
            ["frame"] = found.Frame,
            ["faces"] = AnalysisEvents.Faces(found),
        };

    public static JsonObject Notice(string sentence) => new() { ["event"] = "notice", ["message"] = sentence };

    /// <summary>Memory and load of the card.</summary>
    public static JsonObject Memory(LipSyncMemory memory) =>
        new()
        {
            ["event"] = "memory",
            ["device"] = memory.Device,
            ["total_bytes"] = memory.TotalBytes,
            ["used_bytes"] = memory.UsedBytes,
            ["free_bytes"] = memory.FreeBytes,
            ["process_bytes"] = memory.ProcessBytes,
            ["utilization"] = memory.Utilization,
            ["temperature"] = memory.Temperature,
        };

    public static JsonObject Preview(LipSyncPreview preview) =>
        new()
        {
            ["event"] = "preview",
            ["frame"] = preview.Frame,
            ["width"] = preview.Width,
            ["height"] = preview.Height,
            ["rgb"] = Convert.ToBase64String(preview.Pixels.Span),
        };

    public static JsonObject Cancelled() => new() { ["event"] = "cancelled" };

    /// <summary>A job failed; the worker continues.</summary>
    public static JsonObject Error(LipSyncException error, string? language) =>
        new()
        {
            ["event"] = "error",
            ["code"] = (int)error.Code,
            ["kind"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(error.Code.ToString()),
            ["title"] = ErrorTitles.Of(error.Code, language),
            ["message"] = CommandWords.Say(error),
            ["path"] = error.Path,
            ["detail"] = error.Detail,
        };

    /// <summary>The host broke the protocol; the worker ends.</summary>
    public static JsonObject Error(ProtocolException error, string? language) =>
        new()
        {
            ["event"] = "error",
            ["code"] = (int)LipSyncErrorCode.Internal,
            ["kind"] = ProtocolKind,
            ["title"] = ErrorTitles.Of(LipSyncErrorCode.Internal, language),
            ["message"] = error.Message,
        };
}
