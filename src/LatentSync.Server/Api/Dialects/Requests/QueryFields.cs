using LatentSync.Server.Jobs;
using Microsoft.AspNetCore.Http;

namespace LatentSync.Server.Api.Dialects.Requests;

/// <summary>The members of a query.</summary>
internal static class QueryFields
{
    /// <summary>Refuses what nobody reads.</summary>
    /// <exception cref="RequestException">422.</exception>
    public static void RequireOnly(HttpRequest request, params string[] names)
    {
        if (request.Query.Keys.FirstOrDefault(name => !names.Contains(name, StringComparer.Ordinal)) is { } unknown)
        {
            throw new RequestException(
                422,
                "invalid_request",
                names.Length == 0
                    ? $"\"{unknown}\" is not known; this address takes no query."
                    : $"\"{unknown}\" is not known; there are {string.Join(", ", names)}."
            )
            {
                Field = unknown,
            };
        }
    }

    /// <summary>How many entries a client wants.</summary>
    /// <exception cref="RequestException">422.</exception>
    public static int Count(string? text, string name, int usual, int most) =>
        text is null ? usual
        : int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var count)
        && count >= 1
        && count <= most
            ? count
        : throw new RequestException(422, "invalid_request", Invariant($"\"{name}\" is to be a number from 1 to {most}.")) { Field = name };
}
