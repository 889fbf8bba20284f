using System.Security.Cryptography;

namespace LatentSync.TestKit.Hub;

/// <summary>A file on the test hub.</summary>
internal sealed record HubFile(byte[] Bytes)
{
    /// <summary>The tag that the hub gives; the digest for large files, as on the real one.</summary>
    public string ETag { get; init; } = Convert.ToHexStringLower(SHA256.HashData(Bytes));

    public bool IsLarge { get; init; } = true;
}
