using System.Diagnostics;
using LatentSync.Server.Media;
using LatentSync.Server.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace LatentSync.FleetLoad;

/// <summary>What the storage takes and gives, by the server's own code; there are digests to be computed beside it, which is a line of its own.</summary>
internal sealed class StorageLoad(int seconds)
{
    private const int Megabyte = 1 << 20;

    /// <summary>Runs it and prints a table.</summary>
    public async Task RunAsync()
    {
        await using var services = await Services.StartAsync();
        var folder = Path.Combine(Path.GetTempPath(), Invariant($"latentsync-store-{Environment.ProcessId}"));
        Directory.CreateDirectory(folder);
        try
        {
            var s3 = (await services.ProcessAsync(ServerRole.Api)).Services.GetRequiredService<IFileStore>();
            var shared = (await services.ProcessAsync(ServerRole.Api, Path.Combine(folder, "shared"))).Services.GetRequiredService<IFileStore>();
            Console.WriteLine("| store | file | at once | put MB/s | get MB/s | put, get a second |");
            Console.WriteLine("|---|---:|---:|---:|---:|---:|");
            foreach (var (name, store) in new[] { ("s3rver", s3), ("shared folder", shared) })
            {
                foreach (var (megabytes, atOnce) in new[] { (0, 1), (10, 1), (10, 4) })
                {
                    await MeasureAsync(name, store, folder, megabytes, atOnce);
                }
            }

            var file = Path.Combine(folder, "digest");
            await File.WriteAllBytesAsync(file, new byte[256 * Megabyte]);
            var start = Stopwatch.GetTimestamp();
            await MediaFiles.DigestAsync(file, CancellationToken.None);
            Console.WriteLine(Invariant($"\nSHA-256 of a file: {256 / Stopwatch.GetElapsedTime(start).TotalSeconds:0} MB/s"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task MeasureAsync(string name, IFileStore store, string folder, int megabytes, int atOnce)
    {
        var length = Math.Max(1, megabytes * Megabyte);
        var path = Path.Combine(folder, "file");
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        await File.WriteAllBytesAsync(path, bytes);
        var put = await RepeatAsync(atOnce, number => store.PutAsync(Invariant($"load/{number % 8}"), path, CancellationToken.None));
        var get = await RepeatAsync(atOnce, async number =>
        {
            await using var source = await store.OpenAsync(Invariant($"load/{number % 8}"), 0, CancellationToken.None);
            await source.CopyToAsync(Stream.Null);
        });
        var size = length / (double)Megabyte;
        Console.WriteLine(
            Invariant($"| {name} | {(megabytes == 0 ? "1 byte" : megabytes + " MB")} | {atOnce} | {put * size:0.0} | {get * size:0.0} | {put:0.0}, {get:0.0} |")
        );
    }

    /// <summary>How often a second something is done.</summary>
    private async Task<double> RepeatAsync(int atOnce, Func<int, Task> act)
    {
        var (count, start) = (0, Stopwatch.GetTimestamp());
        await Task.WhenAll(
            Enumerable
                .Range(0, atOnce)
                .Select(async _ =>
                {
                    // At least each of the names once.
                    for (int number; (number = Interlocked.Increment(ref count)) <= 8 || Stopwatch.GetElapsedTime(start).TotalSeconds < seconds; )
                    {
                        await act(number);
                    }
                })
        );
        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
