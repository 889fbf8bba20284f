using LatentSync.FrontEnd.Words;

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
    public string Message =>
        (State, Error) switch
        {
            (BatchState.Skipped, _) => "exists already; --overwrite replaces it",
            (_, { } error) => CommandWords.Say(error).ReplaceLineEndings(" "),
            _ when Attempts > 1 => Invariant($"at attempt {Attempts}"),
            _ => string.Empty,
        };
}
