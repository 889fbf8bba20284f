namespace LatentSync.Models.Catalogue;

/// <summary>A file of a published model: where it lies on the hub and where it goes.</summary>
/// <param name="Path">Where it goes in the model's folder, with forward slashes.</param>
/// <param name="Repository">The hub's repository, such as <c>ByteDance/LatentSync-1.6</c>.</param>
/// <param name="RemotePath">Its path in the repository.</param>
/// <param name="Length">Its length in bytes, where this program knows it.</param>
/// <param name="Sha256">Its digest in lower-case hexadecimal, where this program knows it; else the hub's is taken.</param>
internal sealed record KnownFile(string Path, string Repository, string RemotePath, long? Length = null, string? Sha256 = null)
{
    /// <summary>The branch that is asked for; the commit behind it goes into the manifest.</summary>
    public const string Revision = "main";
}
