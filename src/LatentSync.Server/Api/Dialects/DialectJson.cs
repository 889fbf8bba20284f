using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LatentSync.Server.Jobs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace LatentSync.Server.Api.Dialects;

/// <summary>Bodies in JSON.</summary>
internal static class DialectJson
{
    /// <summary>An answer.</summary>
    public static IResult Answer(JsonNode body, int status = StatusCodes.Status200OK) =>
        Results.Text(body.ToJsonString(ApiJson.Options), "application/json", Encoding.UTF8, status);

    /// <summary>The object of a request, and the digest of what was sent.</summary>
    /// <param name="request">The request.</param>
    /// <param name="longest">The most bytes; null for those of all requests.</param>
    /// <param name="cancellationToken">The client has gone.</param>
    /// <exception cref="RequestException">415 or 400: it is no JSON object.</exception>
    public static async Task<(JsonObject Body, byte[] Digest)> ReadAsync(HttpRequest request, long? longest, CancellationToken cancellationToken)
    {
        if (!request.HasJsonContentType())
        {
            throw new RequestException(415, "invalid_request", "The body is to be JSON: send Content-Type: application/json.");
        }

        if (longest is not null)
        {
            AllowLongBody(request.HttpContext, longest);
        }

        using var text = new MemoryStream();
        await request.Body.CopyToAsync(text, cancellationToken);
        var bytes = text.GetBuffer().AsMemory(0, (int)text.Length);
        try
        {
            return JsonNode.Parse(bytes.Span, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) is JsonObject body
                ? (body, SHA256.HashData(bytes.Span))
                : throw new RequestException(400, "invalid_request", "The body is to be a JSON object.");
        }
        catch (JsonException)
        {
            throw new RequestException(400, "invalid_request", "The body is no valid JSON, or a member is in it twice.");
        }
    }

    /// <summary>A time as JavaScript writes it.</summary>
    public static string? Time(DateTimeOffset? at) =>
        at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Lets a body be longer than those of other requests.</summary>
    /// <param name="context">The request.</param>
    /// <param name="longest">The most bytes; null where they are counted elsewhere.</param>
    public static void AllowLongBody(HttpContext context, long? longest)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = longest;
        }
    }
}
