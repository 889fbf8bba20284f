namespace LatentSync.Backends.Cuda.Monitoring;

/// <summary>One card seen through NVML, in a session of its own; NVML counts sessions.</summary>
internal sealed class NvmlProbe : IGpuProbe
{
    private readonly NvmlLibrary _library;
    private readonly nint _device;

    /// <param name="library">An open session, which belongs to the probe from now on, unless this throws.</param>
    /// <param name="device">A handle of <see cref="NvmlLibrary.Find(int)"/> or <see cref="NvmlLibrary.Find(string)"/>.</param>
    /// <exception cref="GpuProbeException">The driver answers with an error.</exception>
    public NvmlProbe(NvmlLibrary library, nint device)
    {
        (_library, _device) = (library, device);
        Card = library.Describe(device);
    }

    /// <summary>What does not change about the card.</summary>
    public GpuCard Card { get; }

    /// <inheritdoc/>
    public string Name => Card.Name;

    /// <summary>Opens the card with a PCI bus id.</summary>
    /// <param name="pciBusId">As CUDA's cuDeviceGetPCIBusId writes it. The order of CUDA's numbers is not that of NVML's.</param>
    /// <param name="nvmlPaths">Where NVML may be; see <see cref="NvmlLibrary.DefaultPaths"/>.</param>
    /// <param name="problem">Why there is none: a clause without a full stop; null if there is one.</param>
    public static NvmlProbe? Open(string pciBusId, IReadOnlyList<string> nvmlPaths, out FormattableString? problem)
    {
        NvmlLibrary? library = null;
        try
        {
            library = NvmlLibrary.Open(nvmlPaths, out problem);
            var probe = library is null ? null : new NvmlProbe(library, library.Find(pciBusId));
            library = null;
            return probe;
        }
        catch (GpuProbeException error)
        {
            problem = error.Sentence;
            return null;
        }
        finally
        {
            library?.Dispose();
        }
    }

    /// <inheritdoc/>
    public GpuReading Read() => _library.Read(_device);

    /// <summary>Ends the session.</summary>
    public void Dispose() => _library.Dispose();
}
