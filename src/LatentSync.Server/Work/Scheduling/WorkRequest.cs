namespace LatentSync.Server.Work.Scheduling;

/// <summary>A worker that asks for work, and what it can do.</summary>
/// <param name="Worker">Its name.</param>
internal sealed record WorkRequest(string Worker)
{
    /// <summary>Version of the programs that results depend on; null if it is not known, which leaves out what was begun by any.</summary>
    public string? Version { get; init; }

    /// <summary>The model that its engine has loaded; null for none.</summary>
    public string? Model { get; init; }

    /// <summary>Models whose work it leaves to others: they are not on its machine, or its card had too little memory for them.</summary>
    public IReadOnlyCollection<string> Excluded { get; init; } = [];

    /// <summary>Whether work of the loaded model comes before that of others, which would have to be loaded.</summary>
    public bool KeepsModel { get; init; }
}
