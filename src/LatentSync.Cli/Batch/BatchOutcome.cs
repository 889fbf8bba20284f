namespace LatentSync.Cli.Batch;

/// <summary>How a job ended.</summary>
/// <param name="Job">The job.</param>
/// <param name="State">What became of it.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Result">What it did, if it is done.</param>
/// <param name="Error">Why it failed, if it did.</param>
internal sealed record BatchOutcome(BatchJob Job, BatchState State, int Attempts, LipSyncResult? Result = null, LipSyncException? Error = null)
{
    /// <summary>What a person should know; empty if all went well at once.</summary>
    public FormattableString Message =>
        (State, Error) switch
        {
            (BatchState.Skipped, _) => $"exists already; --overwrite replaces it",
            (_, { } error) => error.Sentence,
            _ when Attempts > 1 => $"at attempt {Attempts}",
            _ => $"",
        };
}
