using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using LatentSync.FuzzTests;
using LatentSync.TestKit;

[assembly: AssemblyFixture(typeof(HostileInputTable))]

namespace LatentSync.FuzzTests;

/// <summary>All campaigns of a run as one table in <c>artifacts/fuzz/hostile-input.md</c>.</summary>
public sealed class HostileInputTable : IDisposable
{
    private static readonly ConcurrentBag<CampaignRow> Rows = [];

    /// <summary>Where the table goes, and inputs that are too long for a message.</summary>
    internal static string Folder { get; } = Path.Combine(RepositoryFolder.Path, "artifacts", "fuzz");

    internal static void Add(CampaignRow row) => Rows.Add(row);

    public void Dispose()
    {
        var table = new StringBuilder(
            "| parser | cases | refused | crashes | hangs | longest case | most allocated by a case |\n|---|---:|---:|---:|---:|---:|---:|\n"
        );
        foreach (var row in Rows.OrderBy(row => row.Parser, StringComparer.Ordinal))
        {
            table.Append(
                Invariant($"| {row.Parser} | {row.Cases} | {row.Refused} | 0 | 0 ")
                    + Invariant($"| {row.Longest.TotalMilliseconds:0} ms | {row.MostAllocated / (double)(1 << 20):0.0} MiB |\n")
            );
        }

        using var process = Process.GetCurrentProcess();
        table.Append(Invariant($"\nPeak memory of the process: {process.PeakWorkingSet64 >> 20} MiB.\n"));
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, "hostile-input.md"), table.ToString());
    }
}
