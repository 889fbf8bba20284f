namespace LatentSync.Server.Models;

/// <summary>A check or a download of a model, under way or done.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Action">What is done.</param>
/// <param name="Since">When it began or ended.</param>
internal sealed record ModelTask(string Model, ModelAction Action, DateTimeOffset Since)
{
    public ModelTaskState State { get; init; } = ModelTaskState.Running;

    /// <summary>How far it is; null before the first bytes.</summary>
    public ModelProgress? Progress { get; init; }

    /// <summary>Why it failed; null if it did not.</summary>
    public FormattableString? Sentence { get; init; }

    /// <summary>What a check found wrong, by files.</summary>
    public IReadOnlyList<ModelFileCheck> Problems { get; init; } = [];
}
