using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace LatentSync.Server.Api.Dialects.Replicate;

/// <summary>Errors as clients of Replicate expect them: problem details, with <c>invalid_fields</c> for what is wrong with the request.</summary>
internal static class ReplicateErrors
{
    public const string Name = "replicate";
    public const string Path = "/replicate/v1";

    public static Dialect Dialect { get; } = new(Name, Path, Answer);

    private static (int Status, JsonObject Body) Answer(DialectError error)
    {
        var status = error.Status == 507 ? 503 : error.Status;
        var body = new JsonObject
        {
            ["title"] = status switch
            {
                401 => "Unauthenticated",
                422 => "Input validation failed",
                _ => ReasonPhrases.GetReasonPhrase(status),
            },
            ["detail"] = error.Message,
            ["status"] = status,
            ["kind"] = error.Kind,
        };
        if (error.Field is { } field)
        {
            body["invalid_fields"] = new JsonArray(
                new JsonObject
                {
                    ["type"] = error.Kind,
                    ["field"] = field,
                    ["description"] = error.Message,
                }
            );
        }

        return (status, body);
    }
}
