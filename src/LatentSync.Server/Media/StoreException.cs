namespace LatentSync.Server.Media;

/// <summary>The storage does not answer, or answers with a fault of its own: it is tried again later, and no job is at fault.</summary>
internal sealed class StoreException(string message, Exception? inner = null) : IOException(message, inner);
