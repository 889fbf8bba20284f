using LatentSync.Server.Data;

namespace LatentSync.Server.Media;

/// <summary>The storage has lost a file, or holds other bytes than were put there.</summary>
internal sealed class SpoiledFileException(string message) : IOException(message)
{
    /// <summary>The work that made the file and can make it again; null if nothing can, as for an upload.</summary>
    public WorkItem? MadeBy { get; init; }
}
