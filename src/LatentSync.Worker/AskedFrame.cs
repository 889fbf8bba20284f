namespace LatentSync.Worker;

/// <summary>A frame the host was asked for.</summary>
/// <param name="index">Its number in the source.</param>
/// <param name="pixels">Where it goes.</param>
internal sealed class AskedFrame(int index, byte[] pixels)
{
    private readonly TaskCompletionSource _arrival = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Index => index;

    public byte[] Pixels => pixels;

    /// <summary>Completed when <see cref="Pixels"/> are there.</summary>
    public Task Arrival => _arrival.Task;

    public void Arrive() => _arrival.TrySetResult();
}
