namespace LatentSync.Server.Events;

/// <summary>One event of a feed.</summary>
/// <param name="Sequence">Number of the change in the database; 0 for progress.</param>
/// <param name="Version">Counts what the feed was told.</param>
/// <param name="Bytes">The server-sent event as it goes over the wire.</param>
/// <param name="IsLast">Nothing follows: the job has ended.</param>
internal sealed record FeedItem(long Sequence, long Version, ReadOnlyMemory<byte> Bytes, bool IsLast);
