namespace LatentSync.Models.Download;

/// <summary>What the hub says about a file.</summary>
/// <param name="Length">Its length in bytes.</param>
/// <param name="ETag">Its tag, without quotes; changes with its content.</param>
/// <param name="Sha256">Its digest in lower-case hexadecimal; null for small files, which the hub does not keep by digest.</param>
/// <param name="Commit">The commit that the branch stands at; null if the hub did not say.</param>
internal sealed record RemoteFile(long Length, string ETag, string? Sha256, string? Commit);
