namespace LatentSync.Cli.Batch;

/// <summary>One job as it is written in a file of jobs.</summary>
/// <param name="Line">Where it begins, from 1.</param>
/// <param name="Values">Values by the names of the options of <c>sync</c>, with dashes between words.</param>
internal sealed record BatchEntry(int Line, IReadOnlyDictionary<string, string> Values)
{
    /// <summary>No values.</summary>
    public static BatchEntry Empty { get; } = new(1, new Dictionary<string, string>(StringComparer.Ordinal));
}
