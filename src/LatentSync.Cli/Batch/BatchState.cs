namespace LatentSync.Cli.Batch;

/// <summary>What became of a job.</summary>
internal enum BatchState
{
    /// <summary>Its result is there.</summary>
    Done,

    /// <summary>It failed, however often it was tried.</summary>
    Failed,

    /// <summary>Its output existed already.</summary>
    Skipped,

    /// <summary>The batch ended before its turn.</summary>
    NotRun,
}
