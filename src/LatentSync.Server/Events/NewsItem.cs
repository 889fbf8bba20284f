namespace LatentSync.Server.Events;

/// <summary>A message from one process of a server to the others.</summary>
/// <param name="Kind">What it tells.</param>
/// <param name="JobId">Of which job.</param>
/// <param name="Bytes">Progress as the server-sent event that it is; empty for other kinds.</param>
internal sealed record NewsItem(NewsKind Kind, string JobId, ReadOnlyMemory<byte> Bytes = default);
