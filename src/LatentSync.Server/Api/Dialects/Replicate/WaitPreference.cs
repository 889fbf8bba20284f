using System.Globalization;
using LatentSync.Server.Jobs;
using Microsoft.AspNetCore.Http;

namespace LatentSync.Server.Api.Dialects.Replicate;

/// <summary>How long an answer is to wait for its prediction: <c>Prefer: wait</c> or <c>wait=N</c> (RFC 7240).</summary>
internal static class WaitPreference
{
    private const int Longest = 60;

    /// <summary>How long; null for not at all.</summary>
    /// <exception cref="RequestException">422: more than 60 seconds.</exception>
    public static TimeSpan? Read(HttpRequest request)
    {
        foreach (var preference in request.Headers["Prefer"].ToString().Split(',', StringSplitOptions.TrimEntries))
        {
            var (name, value) = preference.Split('=', 2) is [var left, var right] ? (left.Trim(), right.Trim()) : (preference, null);
            if (name.Equals("wait", StringComparison.OrdinalIgnoreCase))
            {
                return value is null ? TimeSpan.FromSeconds(Longest)
                    : int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1 and <= Longest
                        ? TimeSpan.FromSeconds(seconds)
                    : throw new RequestException(422, "invalid_request", Invariant($"Prefer: wait={value} is to be from 1 to {Longest} seconds."))
                    {
                        Field = "Prefer",
                    };
            }
        }

        return null;
    }
}
