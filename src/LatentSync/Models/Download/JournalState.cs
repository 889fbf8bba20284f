namespace LatentSync.Models.Download;

/// <summary>What a journal holds.</summary>
/// <param name="ETag">The tag of the file the bytes belong to.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Finished">The ranges that are there.</param>
internal sealed record JournalState(string ETag, long Length, IReadOnlyList<ByteRange> Finished);
