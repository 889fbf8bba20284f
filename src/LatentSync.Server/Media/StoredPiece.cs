namespace LatentSync.Server.Media;

/// <summary>A file that is a piece of a longer one.</summary>
/// <param name="Name">Its name in the store.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Digest">SHA-256 in lower-case hexadecimal; null if it is not known.</param>
internal sealed record StoredPiece(string Name, long Length, string? Digest);
