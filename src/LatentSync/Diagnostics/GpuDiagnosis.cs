using LatentSync.Backends.Cuda.Libraries;
using LatentSync.Backends.Cuda.Monitoring;

namespace LatentSync.Diagnostics;

/// <summary>What <c>doctor</c> says about NVIDIA cards. Nothing of it is required, since the CPU does the work otherwise.</summary>
/// <param name="nvmlPaths">Where NVML may be; see <see cref="NvmlLibrary.DefaultPaths"/>.</param>
/// <param name="driverFolder">A folder that exists where NVIDIA's kernel driver is loaded.</param>
/// <param name="find">Looks for the libraries.</param>
internal sealed class GpuDiagnosis(IReadOnlyList<string> nvmlPaths, string driverFolder, Func<CudaLibraries> find)
{
    private const double BytesPerGibibyte = 1L << 30;
    private static readonly Version NeededCuda = new(CudaRelease.All(OperatingSystem.IsWindows())[^1].Major, 0);

    /// <summary>Of this machine.</summary>
    public static GpuDiagnosis OfThisMachine() => new(NvmlLibrary.DefaultPaths, "/proc/driver/nvidia", CudaLibraries.Find);

    /// <summary>A finding per card and per group of libraries; one only where there is no card.</summary>
    public IReadOnlyList<Finding> Run()
    {
        var cards = DescribeCards();
        return cards.Count == 0
            ? [new Finding("GPU", Found: true, Required: false, $"no NVIDIA card: the CPU is used")]
            : [.. cards, .. find().Parts.GroupBy(part => part.Name, StringComparer.Ordinal).Select(Describe)];
    }

    private List<Finding> DescribeCards()
    {
        using var library = NvmlLibrary.Open(nvmlPaths, out var problem);
        if (library is null)
        {
            return Directory.Exists(driverFolder) ? [Unusable("GPU", problem!)] : [];
        }

        try
        {
            return [.. Enumerable.Range(0, library.CountCards()).Select(index => DescribeCard(library, index))];
        }
        catch (GpuProbeException error)
        {
            return [Unusable("GPU", error.Sentence)];
        }
    }

    private static Finding DescribeCard(NvmlLibrary library, int index)
    {
        var part = Invariant($"GPU {index}");
        try
        {
            var device = library.Find(index);
            var (card, reading) = (library.Describe(device), library.Read(device));
            var (free, total) = (reading.FreeBytes / BytesPerGibibyte, reading.TotalBytes / BytesPerGibibyte);
            FormattableString text = $"{card.Name} ({card.PciBusId}), {free:0.0} of {total:0.0} GiB free, driver {card.DriverVersion}, CUDA {card.CudaVersion}";
            return card.CudaVersion >= NeededCuda
                ? new Finding(part, Found: true, Required: false, text)
                : new Finding(part, Found: false, Required: false, $"{text}, which is too old: {CudaAdvice.Driver}");
        }
        catch (GpuProbeException error)
        {
            return Unusable(part, error.Sentence);
        }
    }

    private static Finding Unusable(string part, FormattableString problem) =>
        new(part, Found: false, Required: false, $"there is an NVIDIA driver, but {problem}; {CudaAdvice.Driver}, then restart the computer");

    private static Finding Describe(IGrouping<string, CudaPart> group)
    {
        CudaPart[] missing = [.. group.Where(part => part.Path is null)];
        if (missing.Length > 0)
        {
            return new Finding(group.Key, Found: false, Required: false, $"{Names(missing)} not found; {missing[0].Advice}");
        }

        var places = group
            .Select(part => part.Path is { } path ? Path.GetDirectoryName(path) : null)
            .Where(folder => !string.IsNullOrEmpty(folder))
            .Distinct(StringComparer.Ordinal);
        var where = string.Join(", ", places) is { Length: > 0 } known ? (FormattableString)$"{known}" : $"the system's library path";
        return new Finding(group.Key, Found: true, Required: false, $"{Names(group)} in {where}");
    }

    private static string Names(IEnumerable<CudaPart> parts) => string.Join(", ", parts.Select(part => part.FileName));
}
