using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace LatentSync.ServerLoad;

/// <summary>
/// Many clients submit jobs as fast as they are accepted, each with an Idempotency-Key and again if the connection breaks, while
/// the server is killed. Then every job has to end, and there have to be as many as were submitted.
/// </summary>
internal sealed class Submissions(LoadedServer server, int count, int clients, int kills)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // When the code of server and client has been compiled.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);

    private readonly ConcurrentBag<double> _clean = [];
    private readonly ConcurrentBag<double> _warm = [];
    private readonly ConcurrentBag<double> _interrupted = [];
    private readonly ConcurrentDictionary<string, byte> _jobs = new(StringComparer.Ordinal);
    private int _next;
    private long _began;

    /// <summary>Runs it and says what came of it.</summary>
    public async Task<bool> RunAsync()
    {
        var (video, audio) = (await server.UploadAsync(), await server.UploadAsync());
        _began = Stopwatch.GetTimestamp();
        var killing = KillAsync();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(() => SubmitAsync(video, audio))));
        var seconds = Stopwatch.GetElapsedTime(_began).TotalSeconds;
        await killing;
        Say($"{count} submissions from {clients} clients in {seconds:0.0} s, {count / seconds:0} a second, {kills} kills");
        Say("not interrupted by a kill", _clean);
        if (kills == 0)
        {
            Say(string.Create(CultureInfo.InvariantCulture, $"begun after the first {WarmUp.Seconds} s"), _warm);
        }

        Say($"sent again after a kill: {_interrupted.Count}");
        return await CheckAsync();
    }

    private async Task SubmitAsync(string video, string audio)
    {
        using var client = server.Client();
        for (int number; (number = Interlocked.Increment(ref _next)) <= count; )
        {
            var (start, isInterrupted) = (Stopwatch.GetTimestamp(), false);
            while (!await TrySubmitAsync(client, video, audio, number))
            {
                isInterrupted = true;
                await Task.Delay(Pause);
            }

            var milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            (isInterrupted ? _interrupted : _clean).Add(milliseconds);
            if (Stopwatch.GetElapsedTime(_began, start) > WarmUp)
            {
                _warm.Add(milliseconds);
            }
        }
    }

    private async Task<bool> TrySubmitAsync(HttpClient client, string video, string audio, int number)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/jobs");
            request.Content = JsonContent.Create(new { video, audio });
            request.Headers.Add("Idempotency-Key", string.Create(CultureInfo.InvariantCulture, $"load-{number}"));
            using var answer = await client.SendAsync(request);
            if (!answer.IsSuccessStatusCode)
            {
                throw new InvalidOperationException(await answer.Content.ReadAsStringAsync());
            }

            var job = await answer.Content.ReadFromJsonAsync<JsonObject>();
            return _jobs.TryAdd((string)job!["id"]!, 0) ? true : throw new InvalidOperationException("Two submissions gave the same job.");
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task KillAsync()
    {
        for (var kill = 1; kill <= kills; kill++)
        {
            while (_jobs.Count < (long)count * kill / (kills + 1))
            {
                await Task.Delay(10);
            }

            await server.KillAsync();
            await server.StartAsync();
        }
    }

    /// <summary>Waits until all have ended and counts them.</summary>
    private async Task<bool> CheckAsync()
    {
        using var client = server.Client();
        var start = Stopwatch.GetTimestamp();
        var states = new Dictionary<string, int>(StringComparer.Ordinal);
        var known = 0;
        do
        {
            await Task.Delay(TimeSpan.FromSeconds(2));
            (states, known) = (new(StringComparer.Ordinal), 0);
            for (string? cursor = ""; cursor is not null; )
            {
                var page = await client.GetFromJsonAsync<JsonObject>($"/v1/jobs?limit=200{(cursor.Length == 0 ? "" : "&cursor=" + cursor)}");
                foreach (var job in (JsonArray)page!["jobs"]!)
                {
                    var state = (string)job!["state"]!;
                    states[state] = states.GetValueOrDefault(state) + 1;
                    known += _jobs.ContainsKey((string)job["id"]!) ? 1 : 0;
                }

                cursor = (string?)page["next"];
            }
        } while (states.Keys.Any(state => state is not ("succeeded" or "failed" or "cancelled")) && Stopwatch.GetElapsedTime(start) < TimeSpan.FromMinutes(30));

        var ends = string.Join(", ", states.Select(state => string.Create(CultureInfo.InvariantCulture, $"{state.Key} {state.Value}")));
        Say($"{states.Values.Sum()} jobs in the database, {known} of those submitted: {ends}");
        Say($"all had ended {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s later; memory of the server {server.Memory():0} MiB");
        return states.Values.Sum() == count && known == count && states.GetValueOrDefault("succeeded") == count;
    }

    private static void Say(string which, IReadOnlyCollection<double> times)
    {
        var sorted = times.Order().ToList();
        if (sorted.Count > 0)
        {
            double Percentile(double share) => sorted[(int)((sorted.Count - 1) * share)];
            var within = sorted.Count(milliseconds => milliseconds <= 50) * 100.0 / sorted.Count;
            Say($"{which}: {sorted.Count}, p50 {Percentile(0.5):0.0} ms, p99 {Percentile(0.99):0.0} ms, within 50 ms {within:0.00} %");
        }
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
