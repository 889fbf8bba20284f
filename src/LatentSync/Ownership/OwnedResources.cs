namespace LatentSync.Ownership;

/// <summary>Resources that are opened one after the other and closed in the reverse order, as with nested using statements.</summary>
internal sealed class OwnedResources : IDisposable
{
    private readonly Stack<IDisposable> _opened = [];

    /// <summary>Takes a resource over.</summary>
    /// <returns>The resource.</returns>
    public T Add<T>(T resource)
        where T : IDisposable
    {
        _opened.Push(resource);
        return resource;
    }

    /// <summary>Closes what is open, the last first.</summary>
    public void Dispose()
    {
        while (_opened.TryPop(out var resource))
        {
            resource.Dispose();
        }
    }
}
