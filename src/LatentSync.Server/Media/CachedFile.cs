namespace LatentSync.Server.Media;

/// <summary>A local copy of a file of the store, which stays as long as this is not disposed.</summary>
/// <param name="path">The copy.</param>
/// <param name="release">Called once when it is not needed any more.</param>
internal sealed class CachedFile(string path, Action release) : IDisposable
{
    private Action? _release = release;

    public string Path => path;

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
