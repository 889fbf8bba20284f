namespace LatentSync.Server.Jobs;

/// <summary>A request that cannot be done, with the answer that its client gets.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="kind">A word for programs, such as <c>invalid_options</c>.</param>
/// <param name="message">One sentence for people: what failed, on what, what to do next.</param>
internal sealed class RequestException(int status, string kind, string message) : Exception(message)
{
    public int Status => status;

    public string Kind => kind;

    /// <summary>The member of the request that is at fault, such as <c>options.sync_mode</c>; null if it is none.</summary>
    public string? Field { get; init; }

    /// <summary>When it is worth trying again; null if it is not by itself.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static RequestException NotFound(string what, string id) =>
        new(404, "not_found", $"There is no {what} \"{id}\" here, or it belongs to somebody else.");
}
