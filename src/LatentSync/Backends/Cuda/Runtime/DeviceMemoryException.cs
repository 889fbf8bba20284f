namespace LatentSync.Backends.Cuda.Runtime;

/// <summary>The device, or the part of it that a job may use, has too little memory for what was asked.</summary>
/// <param name="wanted">Bytes that were asked for.</param>
/// <param name="message">One sentence.</param>
internal sealed class DeviceMemoryException(long wanted, string message) : Exception(message)
{
    /// <summary>Bytes that were asked for.</summary>
    public long Wanted => wanted;
}
