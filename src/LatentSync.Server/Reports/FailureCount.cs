namespace LatentSync.Server.Reports;

/// <summary>Jobs that failed in the same way, as far as they are still kept.</summary>
/// <param name="Kind">What with: see docs/errors.md, in snake case.</param>
/// <param name="LastDay">How many in the last 24 hours.</param>
/// <param name="LastWeek">How many in the last 7 days.</param>
/// <param name="Job">The newest of them.</param>
/// <param name="Owner">Whose it is: the id of a key.</param>
/// <param name="At">When it failed.</param>
/// <param name="Message">What with, one sentence.</param>
internal sealed record FailureCount(string Kind, int LastDay, int LastWeek, string Job, string Owner, DateTimeOffset At, string Message);
