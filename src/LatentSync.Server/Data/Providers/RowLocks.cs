namespace LatentSync.Server.Data.Providers;

/// <summary>
/// Tags of queries that lock the rows they find, where several processes write at once; see PostgresLocks. SQLite, which has one
/// writer, takes them for comments.
/// </summary>
internal static class RowLocks
{
    /// <summary>For a change; waits for others.</summary>
    public const string Update = "lock: update";

    /// <summary>Against changes; waits for others.</summary>
    public const string Share = "lock: share";

    /// <summary>For a change; leaves out rows that others have.</summary>
    public const string SkipLocked = "lock: skip";
}
