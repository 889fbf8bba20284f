namespace LatentSync.Models.Catalogue;

/// <summary>A model that this program knows by name: one to download, or one that comes with the program.</summary>
/// <param name="Name">Its name in the store.</param>
/// <param name="Version">The LatentSync version; null for a model of another kind.</param>
/// <param name="Description">What it is, in a few words.</param>
/// <param name="Files">What to download; empty for a model that comes with the program.</param>
internal sealed record KnownModel(string Name, string? Version, FormattableString Description, IReadOnlyList<KnownFile> Files)
{
    /// <summary>It lies in <c>models/NAME</c> beside the program and cannot be downloaded.</summary>
    public bool IsShipped => Files.Count == 0;
}
