using System.Globalization;
using System.Runtime.InteropServices;

namespace LatentSync.Benchmarks;

/// <summary>Names the machine a table was made on.</summary>
internal static class Machine
{
    public static string Describe()
    {
        var date = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return FormattableString.Invariant(
            $"{date}, {Processor()}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}"
        );
    }

    private static string Processor()
    {
        const string CpuInfo = "/proc/cpuinfo",
            Name = "model name";
        var line = File.Exists(CpuInfo) ? File.ReadLines(CpuInfo).FirstOrDefault(text => text.StartsWith(Name, StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
