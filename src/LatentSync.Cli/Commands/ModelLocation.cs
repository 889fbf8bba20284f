namespace LatentSync.Cli.Commands;

/// <summary>Where the models are when the user does not say.</summary>
internal static class ModelLocation
{
    private const string Variable = "LATENTSYNC_MODELS";
    private const string DefaultFolder = "checkpoints";

    /// <summary>The given folder, else that of the environment, else ./checkpoints.</summary>
    /// <exception cref="LipSyncException">None of them is there.</exception>
    public static string Find(string? given) => FindOrNull(given) ?? throw new LipSyncException(
        LipSyncErrorCode.InvalidModel,
        $"No models were given: pass --models FOLDER, or set {Variable}, or put them into ./{DefaultFolder}; see docs/models.md for what the folder holds.");

    /// <summary>The same; null if none of them is there.</summary>
    public static string? FindOrNull(string? given)
    {
        if (given is not null)
        {
            return given;
        }

        var named = Environment.GetEnvironmentVariable(Variable);
        return !string.IsNullOrEmpty(named) ? named : Directory.Exists(DefaultFolder) ? DefaultFolder : null;
    }
}
