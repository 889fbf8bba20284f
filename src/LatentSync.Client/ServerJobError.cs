namespace LatentSync.Client;

/// <summary>Why a job failed.</summary>
/// <param name="Kind">A word for programs.</param>
/// <param name="Message">One sentence for people.</param>
public sealed record ServerJobError(string Kind, string Message);
