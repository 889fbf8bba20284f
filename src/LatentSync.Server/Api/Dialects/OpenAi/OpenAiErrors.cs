using System.Text.Json.Nodes;

namespace LatentSync.Server.Api.Dialects.OpenAi;

/// <summary>Errors as clients of OpenAI expect them: <c>{ error: { message, type, param, code } }</c>.</summary>
internal static class OpenAiErrors
{
    public const string Name = "openai";
    public const string Path = "/openai/v1";

    public static Dialect Dialect { get; } = new(Name, Path, Answer);

    private static (int Status, JsonObject Body) Answer(DialectError error)
    {
        // A conflict would be tried again by the client by itself.
        var status = error.Status switch
        {
            409 or 422 or 423 => 400,
            507 => 503,
            var same => same,
        };
        var (type, code) = status switch
        {
            401 => ("invalid_request_error", "invalid_api_key"),
            429 => ("rate_limit_error", "rate_limit_exceeded"),
            >= 500 => ("server_error", error.Kind),
            _ => ("invalid_request_error", error.Kind),
        };
        return (
            status,
            new JsonObject
            {
                ["error"] = new JsonObject
                {
                    ["message"] = error.Message,
                    ["type"] = type,
                    ["param"] = error.Field,
                    ["code"] = code,
                },
            }
        );
    }
}
