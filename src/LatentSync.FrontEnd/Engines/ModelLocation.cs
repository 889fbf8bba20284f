namespace LatentSync.FrontEnd.Engines;

/// <summary>Where the models are: a folder, or a name in the model library; and which, when the user does not say.</summary>
/// <param name="library">The models by name.</param>
/// <param name="environment">The environment's variables.</param>
/// <param name="workingFolder">Where <c>./checkpoints</c> is looked for.</param>
internal sealed class ModelLocation(ModelLibrary library, Func<string, string?> environment, string workingFolder)
{
    private const string Variable = "LATENTSYNC_MODELS";
    private const string DefaultFolder = "checkpoints";
    private const string FullModel = "latentsync-1.6";
    private const string PullFullModel = $"latentsync models pull {FullModel}";

    /// <summary>That of this process.</summary>
    public static ModelLocation OfThisProcess() => new(new ModelLibrary(), Environment.GetEnvironmentVariable, Environment.CurrentDirectory);

    /// <summary>
    /// The given folder or name, else that of the environment, else ./checkpoints, else the only model in the store, else
    /// the one that comes with the program.
    /// </summary>
    /// <param name="given">A folder or a name; null for none.</param>
    /// <exception cref="LipSyncException">There is none, the store has several, or the named one is not complete.</exception>
    public ModelChoice Choose(string? given) =>
        Named(given)
        ?? ReadyInStore() switch
        {
            [var only] => InStore(only),
            [] => BuiltIn(),
            var several => throw new LipSyncException(
                LipSyncErrorCode.InvalidOptions,
                $"The store has several models; choose one with --models: {string.Join(", ", several.Select(model => model.Name))}."
            ),
        };

    /// <summary>The same without the one that comes with the program; null if there is none or nothing tells which.</summary>
    /// <param name="given">A folder or a name; null for none.</param>
    /// <exception cref="LipSyncException">The named one is not complete.</exception>
    public ModelChoice? ChooseOwn(string? given) => Named(given) ?? (ReadyInStore() is [var only] ? InStore(only) : null);

    /// <summary>The folder of a model; a path that exists, or a text that is no model's name, as it is.</summary>
    /// <exception cref="LipSyncException">A model of that name is known, but not complete.</exception>
    public string Resolve(string given)
    {
        if (Path.Exists(Path.Combine(workingFolder, given)))
        {
            return given;
        }

        return library.List().FirstOrDefault(model => model.Name == given) switch
        {
            null => given,
            { State: ModelState.Ready or ModelState.Shipped, Folder: { } folder } => folder,
            _ when library.Shipped is { } shipped && shipped.Name == given => throw Damaged(shipped),
            _ => throw new LipSyncException(
                LipSyncErrorCode.InvalidModel,
                $"The model \"{given}\" is not complete on this machine; get it with \"latentsync models pull {given}\"."
            ),
        };
    }

    /// <summary>The folder of the model that comes with the program, and of no other.</summary>
    /// <exception cref="LipSyncException">This installation has none, or it is not complete.</exception>
    public string RequireBuiltIn() =>
        library.Shipped switch
        {
            { State: ModelState.Shipped, Folder: { } folder } => folder,
            { } shipped => throw Damaged(shipped),
            null => throw new LipSyncException(
                LipSyncErrorCode.InvalidModel,
                $"The built-in model was not found next to the executable; build it again from a checkout that has the folder models/demo."
            ),
        };

    private ModelChoice? Named(string? given)
    {
        if (given is not null)
        {
            return new ModelChoice(Resolve(given), $"--models names it");
        }

        if (environment(Variable) is { Length: > 0 } named)
        {
            return new ModelChoice(Resolve(named), $"{Variable} names it");
        }

        return Directory.Exists(Path.Combine(workingFolder, DefaultFolder)) ? new ModelChoice(DefaultFolder, $"it is in ./{DefaultFolder}") : null;
    }

    private List<ModelSummary> ReadyInStore() => [.. library.List().Where(model => model.State == ModelState.Ready)];

    private static ModelChoice InStore(ModelSummary model) =>
        new(model.Folder!, $"it is the only model in the store", $"Using the model {model.Name} ({model.Folder}).");

    private ModelChoice BuiltIn() =>
        library.Shipped is null
            ? throw new LipSyncException(
                LipSyncErrorCode.InvalidModel,
                $"No models were given: pass --models FOLDER, set {Variable}, put them into ./{DefaultFolder}, or run \"{PullFullModel}\"; see docs/models.md."
            )
            : new ModelChoice(
                RequireBuiltIn(),
                $"no other was named or found; \"{PullFullModel}\" gets the full one",
                $"No model was named: using the built-in demonstration model; \"{PullFullModel}\" gets the full one."
            );

    private static LipSyncException Damaged(ModelSummary shipped) =>
        new(
            LipSyncErrorCode.InvalidModel,
            $"The built-in model in \"{shipped.Folder}\" is not complete (see \"latentsync models verify {shipped.Name}\"); build or install the program again."
        )
        {
            Path = shipped.Folder,
        };
}
