using LatentSync.Checkpoints;
using LatentSync.Files;
using LatentSync.Models.Catalogue;
using LatentSync.Models.Download;
using LatentSync.Models.Operations;
using LatentSync.Models.Store;

namespace LatentSync;

/// <summary>The models of this user, by name: downloads, checks, imports and removes them.</summary>
public sealed class ModelLibrary
{
    private readonly ModelCatalogue _catalogue;
    private readonly DownloadSettings _settings;
    private readonly Func<string, string?> _environment;

    /// <summary>Opens the library; nothing is created before a model comes in.</summary>
    /// <param name="folder">Its folder; null for <c>models</c> in LATENTSYNC_HOME, else in the user's data folder.</param>
    public ModelLibrary(string? folder = null)
        : this(folder, ModelCatalogue.Published, new DownloadSettings(), Environment.GetEnvironmentVariable) { }

    internal ModelLibrary(string? folder, ModelCatalogue catalogue, DownloadSettings settings, Func<string, string?> environment)
    {
        (_catalogue, _settings, _environment) = (catalogue, settings, environment);
        Folder = string.IsNullOrEmpty(folder) ? StoreLocation.Default(environment) : Path.GetFullPath(folder);
    }

    /// <summary>The folder that holds a folder per model.</summary>
    public string Folder { get; }

    /// <summary>The model that comes with the program, whole or not; null if this installation has none.</summary>
    public ModelSummary? Shipped => _catalogue.Find(ModelCatalogue.Demo) is { } known ? KnownOrDamaged(known) : null;

    /// <summary>The models in the store, those that come with the program, and those to download, in this order.</summary>
    /// <exception cref="LipSyncException">The store cannot be read.</exception>
    public IReadOnlyList<ModelSummary> List()
    {
        var stored = StoredNames().Select(StoredOrDamaged).OfType<ModelSummary>().ToList();
        var others = _catalogue.Models.Where(model => stored.All(summary => summary.Name != model.Name)).Select(KnownOrDamaged);
        return [.. stored.Concat(others).OrderBy(model => model.State is ModelState.NotPulled ? 1 : 0).ThenBy(model => model.Name, StringComparer.Ordinal)];
    }

    /// <summary>One model.</summary>
    /// <exception cref="LipSyncException">There is none of that name.</exception>
    public ModelSummary Show(string name) => TryFind(name) ?? throw NotStored(name);

    /// <summary>The folder of a model that can be used; null if there is none of that name.</summary>
    /// <exception cref="LipSyncException">The store cannot be read.</exception>
    public string? FindFolder(string name) => TryFind(name) is { State: ModelState.Ready or ModelState.Shipped } found ? found.Folder : null;

    /// <summary>Downloads a known model; what earlier attempts left is not downloaded again.</summary>
    /// <returns>The model, and whether anything had to be done.</returns>
    /// <exception cref="LipSyncException">The name is unknown, the download failed, the disk is full, or another process is at it.</exception>
    public async Task<(ModelSummary Model, bool Changed)> PullAsync(string name, IProgress<ModelProgress>? progress, CancellationToken cancellationToken)
    {
        var model = _catalogue.Find(ModelName.Require(name))
            ?? throw new LipSyncException(
                LipSyncErrorCode.InvalidOptions,
                $"No model of the name \"{name}\" can be downloaded; choose one of {Downloadable}, or import a folder."
            );
        if (model.IsShipped)
        {
            throw StoreErrors.BuiltIn(name, $"downloaded", $"use it as it is, or pull another: {Downloadable}");
        }

        using var gate = StoreLock.Take(Folder, name);
        if (Stored(name) is { State: ModelState.Ready } complete)
        {
            return (complete, false);
        }

        using var hub = new HubClient(HubSettings.Read(_environment), _settings.Patience);
        await new ModelPull(hub, _settings, Folder).RunAsync(model, progress, cancellationToken).ConfigureAwait(false);
        return (Stored(name)!, true);
    }

    /// <summary>Reads all files of a stored or shipped model and compares them with what was recorded.</summary>
    /// <exception cref="LipSyncException">There is none of that name, or a file cannot be read.</exception>
    public Task<IReadOnlyList<ModelFileCheck>> VerifyAsync(string name, IProgress<ModelProgress>? progress, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(Folder, ModelName.Require(name));
        var manifest = ModelManifest.Read(folder);
        if (manifest is null && _catalogue.ShippedPath(name) is { } shipped)
        {
            (folder, manifest) = (shipped, ModelManifest.Read(shipped) ?? throw StoreErrors.NoRecord(name, shipped));
        }

        if (manifest is null)
        {
            throw NotStored(name);
        }

        return ModelVerification.RunAsync(manifest, folder, _settings.Time, progress, cancellationToken);
    }

    /// <summary>Takes a model folder into the store.</summary>
    /// <param name="folder">The folder, in any of the layouts that can be used.</param>
    /// <param name="name">Its name in the store; null for that of the published model it is, else of the folder.</param>
    /// <param name="mode">Whether files are linked or copied.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="cancellationToken">Gives up; nothing is left then.</param>
    /// <exception cref="LipSyncException">It is no complete model, the name is taken, or the disk is full.</exception>
    public async Task<ModelSummary> ImportAsync(
        string folder,
        string? name,
        ModelImportMode mode,
        IProgress<ModelProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        if (name is not null)
        {
            ModelName.Require(name);
        }

        var source = ModelFolder.Open(folder);
        var chosen = name ?? ModelImport.DefaultName(source);
        if (_catalogue.IsShipped(chosen))
        {
            throw StoreErrors.BuiltIn(chosen, $"replaced", $"choose another name with {new OptionReference("Name")}");
        }

        using var gate = StoreLock.Take(Folder, chosen);
        await new ModelImport(_settings, Folder).RunAsync(source, chosen, mode, progress, cancellationToken).ConfigureAwait(false);
        return Stored(chosen)!;
    }

    /// <summary>Deletes the files of a stored model, or of one that was downloaded in part.</summary>
    /// <returns>Whether its folder is gone too; it stays if it holds files that the store did not put there.</returns>
    /// <exception cref="LipSyncException">There is none of that name in the store.</exception>
    public bool Remove(string name)
    {
        var folder = Path.Combine(Folder, ModelName.Require(name));
        var known = _catalogue.Find(name)?.Files.Select(file => file.Path);
        var manifest = ModelManifest.Read(folder)?.Files.Select(file => file.Path);
        if (!Directory.Exists(folder) || (known ?? manifest) is null)
        {
            throw _catalogue.ShippedPath(name) is null
                ? NotStored(name)
                : StoreErrors.BuiltIn(name, $"removed", $"it is used only where no other model is named or found");
        }

        using var gate = StoreLock.Take(Folder, name);
        return ModelRemoval.Run(folder, (known ?? []).Union(manifest ?? [], StringComparer.Ordinal));
    }

    private string Downloadable => string.Join(", ", _catalogue.Models.Where(model => !model.IsShipped).Select(model => model.Name));

    private ModelSummary? TryFind(string name) => !ModelName.IsValid(name) ? null : Stored(name) ?? (_catalogue.Find(name) is { } known ? Known(known) : null);

    private LipSyncException NotStored(string name) => StoreErrors.NotStored(name, Folder, _catalogue.Find(name) is { IsShipped: false });

    private IEnumerable<string> StoredNames()
    {
        try
        {
            return Directory.Exists(Folder) ? [.. Directory.EnumerateDirectories(Folder).Select(path => Path.GetFileName(path)).Where(ModelName.IsValid)] : [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Disk(Folder, $"read", error);
        }
    }

    // One damaged model must not hide the others.
    private ModelSummary? StoredOrDamaged(string name) => OrDamaged(() => Stored(name), name, Path.Combine(Folder, name));

    private ModelSummary KnownOrDamaged(KnownModel model) => OrDamaged(() => Known(model), model.Name, _catalogue.ShippedPath(model.Name))!;

    private static ModelSummary? OrDamaged(Func<ModelSummary?> read, string name, string? folder)
    {
        try
        {
            return read();
        }
        catch (LipSyncException error) when (error.Code == LipSyncErrorCode.InvalidModel)
        {
            return new ModelSummary
            {
                Name = name,
                Version = null,
                State = ModelState.Incomplete,
                Folder = folder,
                Origin = error.Sentence,
            };
        }
    }

    private ModelSummary? Stored(string name)
    {
        var folder = Path.Combine(Folder, name);
        return ModelManifest.Read(folder) is { } manifest ? StoreSummaries.Of(manifest, name, folder) : null;
    }

    private ModelSummary Known(KnownModel model) =>
        _catalogue.ShippedPath(model.Name) is { } folder ? StoreSummaries.Shipped(model, ModelManifest.Read(folder), folder) : StoreSummaries.Of(model);
}
