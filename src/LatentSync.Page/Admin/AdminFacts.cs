using LatentSync.Server.Reports;
using LatentSync.Server.Security;
using LatentSync.Server.Work;
using static LatentSync.Page.Words.PageWords;

namespace LatentSync.Page.Admin;

/// <summary>What the parts of the view show at one moment.</summary>
/// <param name="Owner">Who looks.</param>
/// <param name="Workers">The workers with their memory.</param>
internal sealed record AdminFacts(string Owner, IReadOnlyList<WorkerView> Workers)
{
    /// <summary>When this was so.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Names of keys by their ids.</summary>
    public IReadOnlyDictionary<string, string> Names { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What jobs fail with.</summary>
    public IReadOnlyList<FailureCount> Failures { get; init; } = [];

    /// <summary>What is on the disk; null until it is measured.</summary>
    public StorageUse? Storage { get; init; }

    /// <summary>Whose something is, for people.</summary>
    public string Name(string owner) => owner == KeyAuthentication.Local ? Say($"this machine") : Names.GetValueOrDefault(owner, owner);
}
