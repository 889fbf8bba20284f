namespace LatentSync.Server.Media;

/// <summary>A file of a store.</summary>
/// <param name="Length">Its bytes.</param>
/// <param name="ModifiedAt">When it was put there.</param>
internal sealed record StoredFile(long Length, DateTimeOffset ModifiedAt);
