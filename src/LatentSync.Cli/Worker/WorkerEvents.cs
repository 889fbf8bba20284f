using System.Text.Json;
using System.Text.Json.Nodes;
using LatentSync.Cli.Reporting;

namespace LatentSync.Cli.Worker;

/// <summary>What the worker tells the host, as JSON.</summary>
internal static class WorkerEvents
{
    private const string ProtocolKind = "protocol";

    public static JsonObject Hello() => new()
    {
        ["event"] = "hello",
        ["protocol"] = WorkerSession.Protocol,
        ["version"] = typeof(LipSyncEngine).Assembly.GetName().Version!.ToString(3),
    };

    /// <summary>The same as the command line's event.</summary>
    public static JsonObject Progress(LipSyncProgress progress) => JsonLines.Progress(progress);

    public static JsonObject Notice(string sentence) => new() { ["event"] = "notice", ["message"] = sentence };

    public static JsonObject Preview(LipSyncPreview preview) => new()
    {
        ["event"] = "preview",
        ["frame"] = preview.Frame,
        ["width"] = preview.Width,
        ["height"] = preview.Height,
        ["rgb"] = Convert.ToBase64String(preview.Pixels.Span),
    };

    public static JsonObject Cancelled() => new() { ["event"] = "cancelled" };

    /// <summary>A job failed; the worker goes on.</summary>
    public static JsonObject Error(LipSyncException error, string? language) => new()
    {
        ["event"] = "error",
        ["code"] = (int)error.Code,
        ["kind"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(error.Code.ToString()),
        ["title"] = ErrorTitles.Of(error.Code, language),
        ["message"] = error.Message,
        ["path"] = error.Path,
        ["detail"] = error.Detail,
    };

    /// <summary>The host broke the protocol; the worker ends.</summary>
    public static JsonObject Error(ProtocolException error, string? language) => new()
    {
        ["event"] = "error",
        ["code"] = (int)LipSyncErrorCode.Internal,
        ["kind"] = ProtocolKind,
        ["title"] = ErrorTitles.Of(LipSyncErrorCode.Internal, language),
        ["message"] = error.Message,
    };
}
