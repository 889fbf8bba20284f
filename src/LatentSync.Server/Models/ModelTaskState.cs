namespace LatentSync.Server.Models;

/// <summary>Where a <see cref="ModelTask"/> is.</summary>
internal enum ModelTaskState
{
    Running,

    /// <summary>Done, and all is as it should be.</summary>
    Succeeded,

    /// <summary>It could not be done, or files are not as they should be.</summary>
    Failed,

    /// <summary>Stopped; what was downloaded is kept for the next attempt.</summary>
    Cancelled,
}
