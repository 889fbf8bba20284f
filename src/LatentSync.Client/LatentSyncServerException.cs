using System.Net;

namespace LatentSync.Client;

/// <summary>The server refused a request.</summary>
public sealed class LatentSyncServerException : Exception
{
    /// <summary>A refusal.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="kind">A word for programs, such as <c>invalid_options</c>.</param>
    /// <param name="message">One sentence for people.</param>
    public LatentSyncServerException(HttpStatusCode status, string kind, string message)
        : base(message) => (Status, Kind) = (status, kind);

    /// <summary>The HTTP status.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>A word for programs, such as <c>invalid_options</c>; docs/server.md lists them.</summary>
    public string Kind { get; }

    /// <summary>When it is worth trying again; null if it is not by itself.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
