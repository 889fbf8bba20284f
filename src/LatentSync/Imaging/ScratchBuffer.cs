namespace LatentSync.Imaging;

/// <summary>A buffer that grows to the largest size asked for and is used again for every frame. Contents are undefined.</summary>
internal sealed class ScratchBuffer<T>
    where T : unmanaged
{
    private T[] _values = [];

    /// <summary>The first <paramref name="length"/> values.</summary>
    public Span<T> Take(int length)
    {
        if (_values.Length < length)
        {
            _values = new T[length];
        }

        return _values.AsSpan(0, length);
    }
}
