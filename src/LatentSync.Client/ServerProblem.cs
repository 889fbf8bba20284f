namespace LatentSync.Client;

/// <summary>An error as the server tells it, RFC 9457.</summary>
internal sealed record ServerProblem(string? Kind, string? Detail);
