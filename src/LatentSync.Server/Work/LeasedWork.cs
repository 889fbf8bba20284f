using LatentSync.Server.Data;

namespace LatentSync.Server.Work;

/// <summary>A piece of work that a worker has, with what it needs to do it.</summary>
/// <param name="Item">The work; the worker's own copy.</param>
/// <param name="Job">Its job; a copy too.</param>
/// <param name="Token">Proves that the lease is still the worker's.</param>
internal sealed record LeasedWork(WorkItem Item, Job Job, string Token)
{
    /// <summary>SHA-256 of the file that was made, where it is kept under it.</summary>
    public string? Digest { get; set; }
}
