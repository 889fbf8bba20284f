namespace LatentSync.Server.Data;

/// <summary>A key; of the secret itself only a digest is kept.</summary>
internal sealed class ApiKey
{
    /// <summary>Public: the first part of what the client sends.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>SHA-256 of the secret: 256 random bits need no slow hash.</summary>
    public required byte[] Digest { get; init; }

    /// <summary>Such as <c>submit read</c>.</summary>
    public required string Scopes { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; set; }
}
