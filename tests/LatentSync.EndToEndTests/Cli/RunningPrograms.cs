using System.Globalization;

namespace LatentSync.EndToEndTests.Cli;

/// <summary>The processes of this machine, from /proc.</summary>
internal static class RunningPrograms
{
    public static void SkipUnlessKnown() =>
        Assert.SkipUnless(OperatingSystem.IsLinux(), "SKIPPED: signals and child processes are looked at through Linux's /proc.");

    public static IReadOnlyList<RunningProgram> All() => [.. Directory.EnumerateDirectories("/proc").Select(Read).OfType<RunningProgram>()];

    private static RunningProgram? Read(string folder)
    {
        if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id))
        {
            return null;
        }

        try
        {
            // The second field of stat is the program's name in brackets; the parent is the fourth.
            var stat = File.ReadAllText(Path.Combine(folder, "stat"));
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return new RunningProgram(id, int.Parse(fields[1], CultureInfo.InvariantCulture), File.ReadAllText(Path.Combine(folder, "cmdline")));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
