namespace LatentSync.Cli.Commands;

/// <summary>Where the models are: a folder, or a name in the model library; and which, when the user does not say.</summary>
internal static class ModelLocation
{
    private const string Variable = "LATENTSYNC_MODELS";
    private const string DefaultFolder = "checkpoints";

    /// <summary>The given folder or name, else that of the environment, else ./checkpoints, else the only model in the store.</summary>
    /// <param name="given">A folder or a name; null for none.</param>
    /// <param name="notice">Is told, in one line, which model was taken from the store without being asked for.</param>
    /// <exception cref="LipSyncException">There is none, or the store has several.</exception>
    public static string Find(string? given, Action<string> notice)
    {
        if (FindGiven(given) is { } found)
        {
            return found;
        }

        return ReadyModels() switch
        {
            [var only] => Notice(only, notice),
            [] => throw new LipSyncException(
                LipSyncErrorCode.InvalidModel,
                $"No models were given: pass --models FOLDER, or set {Variable}, or put them into ./{DefaultFolder}, or get one with \"latentsync models pull\"; see docs/models.md for what the folder holds."),
            var several => throw new LipSyncException(
                LipSyncErrorCode.InvalidOptions, $"The store has several models; choose one with --models: {string.Join(", ", several.Select(model => model.Name))}."),
        };
    }

    /// <summary>The same; null if none is there or nothing tells which.</summary>
    public static string? FindOrNull(string? given) => FindGiven(given) ?? (ReadyModels() is [var only] ? only.Folder : null);

    private static string? FindGiven(string? given)
    {
        if (given is null)
        {
            var named = Environment.GetEnvironmentVariable(Variable);
            given = !string.IsNullOrEmpty(named) ? named : Directory.Exists(DefaultFolder) ? DefaultFolder : null;
        }

        return given is null || Path.Exists(given) ? given : FindNamed(given);
    }

    private static string FindNamed(string given)
    {
        var model = new ModelLibrary().List().FirstOrDefault(model => model.Name == given);
        return model switch
        {
            null => given,
            { State: ModelState.Ready or ModelState.Shipped, Folder: { } folder } => folder,
            _ => throw new LipSyncException(LipSyncErrorCode.InvalidModel, $"The model \"{given}\" is not complete on this machine; get it with \"latentsync models pull {given}\"."),
        };
    }

    private static List<ModelSummary> ReadyModels() => [.. new ModelLibrary().List().Where(model => model.State == ModelState.Ready)];

    private static string Notice(ModelSummary model, Action<string> notice)
    {
        notice($"Using the model {model.Name} ({model.Folder}).");
        return model.Folder!;
    }
}
