namespace LatentSync.Server.Security;

/// <summary>What a key may do.</summary>
internal static class Scopes
{
    /// <summary>Upload, submit, cancel, delete one's own.</summary>
    public const string Submit = "submit";

    /// <summary>Read one's own.</summary>
    public const string Read = "read";

    /// <summary>See workers, models, everybody's errors; manage keys.</summary>
    public const string Admin = "admin";

    public static IReadOnlyList<string> All { get; } = [Submit, Read, Admin];
}
