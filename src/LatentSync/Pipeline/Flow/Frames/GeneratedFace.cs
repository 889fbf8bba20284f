namespace LatentSync.Pipeline.Flow.Frames;

/// <summary>
/// A generated face out of a <see cref="GeneratedFacePool"/>. It goes back there when the last of its users gives it up: the
/// frames that show it, and the task that may find another frame for it. Thread-safe, but for its pixels.
/// </summary>
internal sealed class GeneratedFace(GeneratedFacePool pool, int length)
{
    private int _users;

    /// <summary>[3, resolution, resolution], RGB, about -1..1.</summary>
    public float[] Pixels { get; } = new float[length];

    /// <summary>The same face for one more user.</summary>
    public GeneratedFace Share()
    {
        Interlocked.Increment(ref _users);
        return this;
    }

    /// <summary>A user gives the face up and must not touch it again.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            pool.Return(this);
        }
    }
}
