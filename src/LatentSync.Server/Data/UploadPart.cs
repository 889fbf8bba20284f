namespace LatentSync.Server.Data;

/// <summary>A piece of an upload in storage that cannot append: what is here of the upload is the sum of its pieces.</summary>
internal sealed class UploadPart
{
    public required string UploadId { get; init; }

    /// <summary>Where in the upload it begins.</summary>
    public required long Offset { get; init; }

    public required long Length { get; init; }

    /// <summary>Its name in the store.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 in lower-case hexadecimal.</summary>
    public required string Digest { get; init; }
}
