namespace LatentSync.Backends.Cuda.Monitoring;

/// <summary>A card could not be asked. The message is a clause without a full stop, for use inside a sentence.</summary>
internal sealed class GpuProbeException(string message) : Exception(message);
