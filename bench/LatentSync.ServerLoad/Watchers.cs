using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace LatentSync.ServerLoad;

/// <summary>Many watch one job's events; some of them read nothing at all.</summary>
internal sealed class Watchers(LoadedServer server, int count, int slow)
{
    // Of the test's engine: 20 segments of 1 s.
    private const long Seed = (100 * 1000) + 20;

    private int _events;
    private int _ended;

    /// <summary>Runs it and says what came of it.</summary>
    public async Task<bool> RunAsync()
    {
        using var client = server.Client();
        var before = server.Memory();
        using var submitted = await client.PostAsJsonAsync(
            "/v1/jobs",
            new
            {
                video = await server.UploadAsync(),
                audio = await server.UploadAsync(),
                options = new { seed = Seed },
            }
        );
        var id = (string)(await submitted.Content.ReadFromJsonAsync<JsonObject>())!["id"]!;
        var silent = new List<HttpResponseMessage>();
        for (var i = 0; i < slow; i++)
        {
            silent.Add(await client.GetAsync($"/v1/jobs/{id}/events", HttpCompletionOption.ResponseHeadersRead));
        }

        var (most, start) = (0.0, Stopwatch.GetTimestamp());
        var watching = Task.WhenAll(Enumerable.Range(0, count).Select(_ => WatchAsync(client, id)));
        while (!watching.IsCompleted)
        {
            await Task.WhenAny(watching, Task.Delay(200));
            most = Math.Max(most, server.Memory());
        }

        await watching;
        silent.ForEach(answer => answer.Dispose());
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{count} watchers beside {slow} who read nothing: {_events} events in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s, "
                    + $"{_ended} saw the end; memory of the server {before:0} MiB before, {most:0} MiB at most"
            )
        );
        return _ended == count;
    }

    private async Task WatchAsync(HttpClient client, string id)
    {
        await using var stream = await client.GetStreamAsync($"/v1/jobs/{id}/events");
        using var reader = new StreamReader(stream);
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data:", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref _events);
                if (line.Contains("\"state\":\"succeeded\"", StringComparison.Ordinal))
                {
                    Interlocked.Increment(ref _ended);
                    return;
                }
            }
        }
    }
}
