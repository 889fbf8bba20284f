namespace LatentSync.Models.Store;

/// <summary>A file of a stored model.</summary>
internal sealed record ManifestFile
{
    /// <summary>Where it lies in the model's folder, with forward slashes.</summary>
    public required string Path { get; init; }

    /// <summary>Length in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>The digest of what was stored, in lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The hub's repository; null for an imported file.</summary>
    public string? Repository { get; init; }

    /// <summary>The commit it was downloaded from; null for an imported file, or if the hub did not say.</summary>
    public string? Revision { get; init; }

    /// <summary>The hub's tag of the file, without quotes; null for an imported file.</summary>
    public string? ETag { get; init; }
}
