using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace LatentSync.ServerLoad;

/// <summary>Clients who submit a job, watch it to its end and submit the next, for a long time: does the server's memory stay?</summary>
internal sealed class Work(LoadedServer server, int minutes, int clients)
{
    private const int Samples = 60;

    // The code is compiled and the caches are full by then.
    private const double WarmUpShare = 0.1;
    private const double MostGrowth = 1.1;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private int _done;

    /// <summary>Runs it and says what came of it.</summary>
    public async Task<bool> RunAsync()
    {
        var (video, audio) = (await server.UploadAsync(), await server.UploadAsync());
        using var stop = new CancellationTokenSource();
        var start = Stopwatch.GetTimestamp();
        var working = Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(() => WorkAsync(video, audio, stop.Token))));
        var memory = new List<double>();
        for (var sample = 1; sample <= Samples && !working.IsCompleted; sample++)
        {
            await Task.WhenAny(working, Task.Delay(TimeSpan.FromMinutes(minutes) / Samples));
            memory.Add(server.Memory());
            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(start):hh\\:mm\\:ss}  {_done} jobs done, {memory[^1]:0} MiB")
            );
        }

        await stop.CancelAsync();
        await working;
        var warm = memory[(int)(memory.Count * WarmUpShare)..];
        var (before, after) = (warm[..(warm.Count / 4)].Average(), warm[^(warm.Count / 4)..].Average());
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{_done} jobs in {minutes} minutes; memory {warm.Min():0} to {warm.Max():0} MiB after the warm-up, "
                    + $"first quarter {before:0} MiB on average, last quarter {after:0} MiB"
            )
        );
        return after < before * MostGrowth;
    }

    private async Task WorkAsync(string video, string audio, CancellationToken stop)
    {
        using var client = server.Client();
        while (!stop.IsCancellationRequested)
        {
            using var submitted = await client.PostAsJsonAsync("/v1/jobs", new { video, audio }, CancellationToken.None);
            submitted.EnsureSuccessStatusCode();
            var id = (string)(await submitted.Content.ReadFromJsonAsync<JsonObject>(CancellationToken.None))!["id"]!;

            // The stream ends with the job.
            var events = await client.GetStringAsync($"/v1/jobs/{id}/events", CancellationToken.None);
            if (!events.Contains("\"state\":\"succeeded\"", StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"The job {id} has not succeeded: {events}");
            }

            Interlocked.Increment(ref _done);
            await Task.Delay(Pause, CancellationToken.None);
        }
    }
}
