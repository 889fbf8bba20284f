namespace LatentSync.Client;

/// <summary>Some jobs of a list.</summary>
internal sealed record ServerJobPage(IReadOnlyList<ServerJob> Jobs, string? Next);
