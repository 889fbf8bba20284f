namespace LatentSync.Cli.Batch;

/// <summary>A job that can be started.</summary>
/// <param name="Number">Its place in the file, from 1.</param>
/// <param name="Request">What to do.</param>
/// <param name="Engine">With which model, on what.</param>
/// <param name="IsDone">Its output exists and is not to be replaced.</param>
internal sealed record BatchJob(int Number, LipSyncRequest Request, LipSyncEngineOptions Engine, bool IsDone);
