using System.Text.Json.Nodes;

namespace LatentSync.Server.Api.Dialects.SyncSo;

/// <summary>Errors as clients of sync.so v2 expect them: <c>{ statusCode, message, errorCode }</c>.</summary>
internal static class SyncSoErrors
{
    public const string Name = "sync.so";
    public const string Path = "/sync.so";

    public static Dialect Dialect { get; } = new(Name, Path, Answer);

    private static (int Status, JsonObject Body) Answer(DialectError error)
    {
        var status = error.Status switch
        {
            422 => 400,
            423 => 409,
            507 => 503,
            var same => same,
        };
        var code = error.Kind switch
        {
            "queue_full" => "concurrency_limit_reached",
            "invalid_idempotency_key" => "INVALID_IDEMPOTENCY_KEY",
            var same => same,
        };
        var message = error.Kind == "unauthorized" ? "A key is needed: send x-api-key: lsk_..., which \"latentsync keys add NAME\" makes." : error.Message;
        return (
            status,
            new JsonObject
            {
                ["statusCode"] = status,
                ["message"] = message,
                ["errorCode"] = code,
            }
        );
    }
}
