using System.Globalization;

namespace LatentSync.Benchmarks;

/// <summary>Samples the resident memory of this process and its children, from /proc, and its heap, until stopped.</summary>
internal sealed class MemoryWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;
    private MemoryPeaks _peaks = new(0, 0, 0);

    public MemoryWatch() => _watching = Task.Run(WatchAsync);

    public async Task<MemoryPeaks> StopAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        return _peaks;
    }

    public void Dispose() => _stop.Dispose();

    private async Task WatchAsync()
    {
        var id = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        while (!_stop.IsCancellationRequested)
        {
            var own = ResidentBytes(id);
            _peaks = new MemoryPeaks(
                Math.Max(_peaks.Heap, GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes >> 20),
                Math.Max(_peaks.Process, own >> 20),
                Math.Max(_peaks.WithChildren, (own + Children(id).Sum(ResidentBytes)) >> 20)
            );
            await Task.Delay(Interval, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static IEnumerable<string> Children(string id) =>
        Directory.EnumerateDirectories($"/proc/{id}/task").SelectMany(task => Read($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static long ResidentBytes(string id)
    {
        var line = Read($"/proc/{id}/status").Split('\n').FirstOrDefault(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
    }

    /// <summary>Empty if the process has ended meanwhile.</summary>
    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return string.Empty;
        }
    }
}
