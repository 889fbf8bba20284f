using System.Diagnostics;
using System.Globalization;

namespace LatentSync.ServerTests.Support;

/// <summary>Finds processes to kill, by <c>/proc</c>.</summary>
internal static class Victims
{
    /// <summary>The children of a process.</summary>
    public static List<int> Children(int process) =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
                .Where(id => id > 0 && Status(id, "PPid:") == process.ToString(CultureInfo.InvariantCulture)),
        ];

    /// <summary>All that a process and its descendants started whose program has this name.</summary>
    public static List<int> Descendants(int process, string name) =>
        [
            .. Children(process)
                .SelectMany(child => (IEnumerable<int>)[.. Descendants(child, name), .. Status(child, "Name:") == name ? [child] : Array.Empty<int>()]),
        ];

    /// <summary>kill -9.</summary>
    public static void Kill(int process)
    {
        try
        {
            using var victim = Process.GetProcessById(process);
            victim.Kill(entireProcessTree: true);
        }
        catch (ArgumentException)
        {
            // It has just ended by itself.
        }
    }

    private static string? Status(int process, string name)
    {
        try
        {
            return File.ReadLines(Invariant($"/proc/{process}/status")).First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Trim();
        }
        catch (IOException)
        {
            return null;
        }
    }
}
