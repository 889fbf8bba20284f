using System.Globalization;

namespace LatentSync.FleetLoad;

/// <summary>
/// Processor time of a service, by <c>/proc</c>. On a machine that others use as well it says more than the clock: how much of a
/// processor each thing costs, whoever else has the rest.
/// </summary>
internal static class Processor
{
    private const double TicksPerSecond = 100;

    private static readonly string Folder = Path.Combine(Path.GetTempPath(), "latentsync-services");

    /// <summary>Seconds that PostgreSQL has used.</summary>
    public static double Postgres() => Tree(First("postgres/postmaster.pid"));

    /// <summary>Seconds that RabbitMQ has used.</summary>
    public static double Rabbit() => Tree(First("rabbitmq/pid"));

    /// <summary>Seconds that the S3 server has used.</summary>
    public static double Storage() => Tree(First("s3/pid"));

    /// <summary>Seconds that this process has used.</summary>
    public static double Own() => Environment.CpuUsage.TotalTime.TotalSeconds;

    private static int First(string file) => int.Parse(File.ReadLines(Path.Combine(Folder, file)).First(), CultureInfo.InvariantCulture);

    /// <summary>A process, its children, and those of them that have ended.</summary>
    private static double Tree(int parent) =>
        Directory
            .EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0)
            .Select(Read)
            .Where(read => read.Id == parent || read.Parent == parent)
            .Sum(read => read.Seconds);

    private static (int Id, int Parent, double Seconds) Read(int id)
    {
        try
        {
            // The name is in brackets and may have spaces.
            var text = File.ReadAllText(Invariant($"/proc/{id}/stat"));
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            long Field(int number) => long.Parse(fields[number], CultureInfo.InvariantCulture);
            return (id, (int)Field(1), (Field(11) + Field(12) + Field(13) + Field(14)) / TicksPerSecond);
        }
        catch (IOException)
        {
            // It has just ended.
            return default;
        }
    }
}
