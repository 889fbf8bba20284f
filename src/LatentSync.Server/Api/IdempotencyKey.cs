using System.Security.Cryptography;
using System.Text;
using LatentSync.Server.Jobs;
using Microsoft.AspNetCore.Http;

namespace LatentSync.Server.Api;

/// <summary>The header by which a client sends a request again without doing it twice.</summary>
internal static class IdempotencyKey
{
    private const string Replayed = "Idempotent-Replayed";

    private const string Header = "Idempotency-Key";
    private const int Longest = 128;

    /// <summary>What tells two requests with one key apart: where they go, and what they say.</summary>
    /// <param name="request">The request.</param>
    /// <param name="body">Its body, or a digest of it.</param>
    public static byte[] Digest(HttpRequest request, ReadOnlySpan<byte> body) => SHA256.HashData([.. Encoding.UTF8.GetBytes(request.Path), .. body]);

    /// <summary>Says of an answer whether it is that of an earlier request.</summary>
    public static void Tell(HttpResponse response, bool isReplay)
    {
        if (isReplay)
        {
            response.Headers[Replayed] = "true";
        }
    }

    /// <summary>The key of a request; null if it has none.</summary>
    /// <exception cref="RequestException">400: it is not one of 1 to 128 letters, digits and <c>._~-</c>.</exception>
    public static string? Read(HttpRequest request)
    {
        if (!request.Headers.TryGetValue(Header, out var values))
        {
            return null;
        }

        var key = values.ToString();
        return
            values.Count == 1 && key.Length is >= 1 and <= Longest && key.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '~' or '-')
            ? key
            : throw new RequestException(
                400,
                "invalid_idempotency_key",
                "An Idempotency-Key has 1 to 128 letters, digits, points, underscores, tildes and dashes."
            );
    }
}
