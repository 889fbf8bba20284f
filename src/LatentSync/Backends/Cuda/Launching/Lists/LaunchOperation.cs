namespace LatentSync.Backends.Cuda.Launching.Lists;

/// <summary>One step of a list: what it computes is said by its type, on what by its properties.</summary>
internal abstract record LaunchOperation
{
    /// <summary>The buffers it reads.</summary>
    public abstract IEnumerable<LaunchBuffer> Reads { get; }

    /// <summary>The buffers it writes.</summary>
    public abstract IEnumerable<LaunchBuffer> Writes { get; }

    /// <summary>A buffer that it may read and another that it may write in the same memory, number by number; null if there is none.</summary>
    public virtual (LaunchBuffer Read, LaunchBuffer Written)? InPlace => null;

    /// <summary>The buffers among some that may be absent.</summary>
    protected static IEnumerable<LaunchBuffer> Present(params IEnumerable<LaunchBuffer?> buffers) => buffers.OfType<LaunchBuffer>();
}
