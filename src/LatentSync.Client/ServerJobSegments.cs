namespace LatentSync.Client;

/// <summary>How far the segments of a job are.</summary>
/// <param name="Done">Segments that are made.</param>
/// <param name="Total">All; 0 before the analysis is done.</param>
public sealed record ServerJobSegments(int Done, int Total);
