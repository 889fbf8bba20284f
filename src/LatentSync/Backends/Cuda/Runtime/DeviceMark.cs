namespace LatentSync.Backends.Cuda.Runtime;

/// <summary>An event of a device, destroyed on disposal.</summary>
internal sealed class DeviceMark(IDevice device) : IDisposable
{
    /// <summary>The device's handle.</summary>
    public nint Handle { get; } = device.CreateEvent();

    /// <inheritdoc/>
    public void Dispose() => device.DestroyEvent(Handle);
}
