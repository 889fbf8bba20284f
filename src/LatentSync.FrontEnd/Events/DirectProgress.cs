namespace LatentSync.FrontEnd.Events;

/// <summary>Hands reports on at once and one after the other, which <see cref="Progress{T}"/> does not promise.</summary>
internal sealed class DirectProgress<T>(Action<T> report) : IProgress<T>
{
    private readonly Lock _gate = new();

    public void Report(T value)
    {
        lock (_gate)
        {
            report(value);
        }
    }
}
