namespace LatentSync.Server.Data;

/// <summary>A file that a client brings, or that is fetched from an address.</summary>
internal sealed class Upload
{
    /// <summary><c>upl_</c> and a UUID of version 7.</summary>
    public required string Id { get; init; }

    public required string Owner { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The client's name for it; shown to people, never part of a path.</summary>
    public string? Name { get; init; }

    /// <summary>Bytes; null while a client has not said.</summary>
    public long? Length { get; set; }

    /// <summary>Whether all bytes are here and on the disk.</summary>
    public bool IsComplete { get; set; }

    /// <summary>Where it is fetched from; null if a client brings it.</summary>
    public string? Url { get; init; }

    /// <summary>When it is deleted if no job needs it.</summary>
    public required DateTimeOffset ExpiresAt { get; set; }
}
