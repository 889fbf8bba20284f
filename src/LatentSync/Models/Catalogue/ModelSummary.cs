namespace LatentSync;

/// <summary>A model of the library.</summary>
public sealed record ModelSummary
{
    /// <summary>The name to use it by.</summary>
    public required string Name { get; init; }

    /// <summary>The LatentSync version; null if unknown.</summary>
    public required string? Version { get; init; }

    /// <summary>Whether it can be used.</summary>
    public required ModelState State { get; init; }

    /// <summary>Its folder; null if it is not on this machine.</summary>
    public required string? Folder { get; init; }

    /// <summary>Where it comes from: repositories of the hub, or the folder it was imported from; see <see cref="LipSyncException.Sentence"/>.</summary>
    public required FormattableString Origin { get; init; }

    /// <summary>The same in the library's words.</summary>
    public string Source => Invariant(Origin);

    /// <summary>When it was downloaded or imported; null if it was not.</summary>
    public DateTimeOffset? Added { get; init; }

    /// <summary>Its files with length and SHA-256, as recorded; empty if it is not in the store.</summary>
    public IReadOnlyList<ModelFileSummary> Files { get; init; } = [];

    /// <summary>Bytes of all its files, as recorded.</summary>
    public long Length => Files.Sum(file => file.Length);
}
