namespace LatentSync.Backends.Cuda.Monitoring;

/// <summary>Reads memory and load of one card, or of the machine where there is none.</summary>
internal interface IGpuProbe : IDisposable
{
    /// <summary>What is read, such as "NVIDIA GeForce RTX 4070".</summary>
    string Name { get; }

    /// <summary>Reads now. Takes well under a millisecond on a healthy driver.</summary>
    /// <exception cref="GpuProbeException">The driver does not answer, or answers with an error.</exception>
    GpuReading Read();
}
