using LatentSync.Models.Catalogue;
using LatentSync.Models.Store;

namespace LatentSync.Models.Operations;

/// <summary>Describes models for the public library.</summary>
internal static class StoreSummaries
{
    /// <summary>A model in the store. Its name is that of its folder.</summary>
    public static ModelSummary Of(ModelManifest manifest, string name, string folder) =>
        new()
        {
            Name = name,
            Version = manifest.Version,
            State = ModelVerification.HasAllFiles(manifest, folder) ? ModelState.Ready : ModelState.Incomplete,
            Folder = folder,
            Origin = $"{manifest.ImportedFrom ?? string.Join(", ", manifest.Files.Select(file => file.Repository).Distinct(StringComparer.Ordinal))}",
            Added = manifest.Added,
            Files = Files(manifest),
        };

    /// <summary>A model that can be downloaded.</summary>
    public static ModelSummary Of(KnownModel model) =>
        new()
        {
            Name = model.Name,
            Version = model.Version,
            State = ModelState.NotPulled,
            Folder = null,
            Origin = $"{string.Join(", ", model.Files.Select(file => file.Repository).Distinct(StringComparer.Ordinal))}",
        };

    /// <summary>A model that comes with the program; without a manifest it is incomplete.</summary>
    public static ModelSummary Shipped(KnownModel model, ModelManifest? manifest, string folder) =>
        new()
        {
            Name = model.Name,
            Version = model.Version,
            State = manifest is not null && ModelVerification.HasAllFiles(manifest, folder) ? ModelState.Shipped : ModelState.Incomplete,
            Folder = folder,
            Origin = $"comes with the program: {model.Description}",
            Files = manifest is null ? [] : Files(manifest),
        };

    private static List<ModelFileSummary> Files(ModelManifest manifest) =>
        [
            .. manifest.Files.Select(file => new ModelFileSummary(
                file.Path,
                file.Length,
                file.Sha256,
                file.Repository is null ? null : $"{file.Repository}@{file.Revision ?? KnownFile.Revision}"
            )),
        ];
}
