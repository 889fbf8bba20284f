namespace LatentSync.ModelStore;

/// <summary>Describes models for the public library.</summary>
internal static class StoreSummaries
{
    /// <summary>A model in the store. Its name is that of its folder.</summary>
    public static ModelSummary Of(ModelManifest manifest, string name, string folder) => new()
    {
        Name = name,
        Version = manifest.Version,
        State = ModelVerification.HasAllFiles(manifest, folder) ? ModelState.Ready : ModelState.Incomplete,
        Folder = folder,
        Source = manifest.ImportedFrom ?? string.Join(", ", manifest.Files.Select(file => file.Repository).Distinct(StringComparer.Ordinal)),
        Added = manifest.Added,
        Files =
        [
            .. manifest.Files.Select(file => new ModelFileSummary(
                file.Path, file.Length, file.Sha256, file.Repository is null ? null : $"{file.Repository}@{file.Revision ?? KnownFile.Revision}")),
        ],
    };

    /// <summary>A model that is not in the store.</summary>
    public static ModelSummary Of(KnownModel model, string? shippedPath) => new()
    {
        Name = model.Name,
        Version = model.Version,
        State = shippedPath is null ? ModelState.NotPulled : ModelState.Shipped,
        Folder = shippedPath,
        Source = model.IsShipped ? "comes with the program" : string.Join(", ", model.Files.Select(file => file.Repository).Distinct(StringComparer.Ordinal)),
    };
}
