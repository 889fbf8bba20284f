using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using LatentSync.ServerTests.Support;
using LatentSync.TestKit;

namespace LatentSync.ServerTests.Fleet;

/// <summary>Many jobs through three processes for clients and eight that work, while something is killed every few seconds.</summary>
public sealed class ChaosTests
{
    private const string JobsVariable = "LATENTSYNC_CHAOS_JOBS";
    private const int DefaultJobs = 300;
    private const int Apis = 3;
    private const int Workers = 8;
    private const int Submitters = 4;
    private const int MostSegments = 8;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly string Folder = Path.Combine(RepositoryFolder.Path, "artifacts", "fleet");

    private readonly List<string> _log = [];
    private readonly Dictionary<string, int> _faults = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static int Jobs => int.TryParse(Environment.GetEnvironmentVariable(JobsVariable), CultureInfo.InvariantCulture, out var jobs) ? jobs : DefaultJobs;

    [Fact(Explicit = true)]
    public async Task RandomKills_LoseAndRepeatNothing()
    {
        using var held = await TestServices.Disturbed.HoldAsync();
        await using var fleet = await FleetProgram.StartAsync(Apis, Workers, devices: 1, services: TestServices.Disturbed);
        var random = new Random(20261129);
        using var done = new CancellationTokenSource();
        _clock.Restart();
        var killing = KillAsync(fleet, random, done.Token);
        var each = Enumerable.Range(0, Submitters).Select(submitter => SubmitAsync(fleet, submitter)).ToList();
        var jobs = (await Task.WhenAll(each)).SelectMany(list => list).ToList();
        var submitted = _clock.Elapsed;
        var states = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (id, _) in jobs)
        {
            var state = await EndAsync(fleet, id);
            states[state] = states.GetValueOrDefault(state) + 1;
        }

        var ended = _clock.Elapsed;
        await done.CancelAsync();
        await killing;
        var client = fleet.Apis[0].Client;
        var unequal = 0;
        foreach (var (id, segments) in jobs)
        {
            unequal += await client.GetStringAsync($"/v1/jobs/{id}/result", Stop) == JobClient.Expected(segments) ? 0 : 1;
        }

        var wrong = await Invariants.CheckAsync(fleet.Database, client);
        await WriteAsync(jobs, states, submitted, ended, unequal, wrong);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(0, unequal);
        Assert.Equal(jobs.Count, states.GetValueOrDefault("succeeded"));
    }

    /// <summary>A fault every few seconds, whatever is still starting again after the last ones.</summary>
    private async Task KillAsync(FleetProgram fleet, Random random, CancellationToken stop)
    {
        var running = new Dictionary<string, Task>(StringComparer.Ordinal);
        while (true)
        {
            await Task.Delay(Pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested)
            {
                await Task.WhenAll(running.Values);
                return;
            }

            var (worker, api) = (random.Next(Workers), random.Next(Apis));
            var (name, victim, fault) = random.Next(20) switch
            {
                < 8 => ("worker killed", Invariant($"worker {worker}"), () => fleet.ReplaceAsync(fleet.Workers[worker])),
                < 12 => ("api killed", Invariant($"api {api}"), () => fleet.ReplaceAsync(fleet.Apis[api])),
                < 14 => ("engine killed", Invariant($"worker {worker}"), () => KillEngineAsync(fleet.Workers[worker])),
                < 16 => ("worker stopped for 8 s", Invariant($"worker {worker}"), () => PauseAsync(fleet.Workers[worker])),
                < 18 => ("PostgreSQL killed and restarted", "services", () => RestartAsync("--kill", "postgres")),
                18 => ("RabbitMQ killed and restarted", "services", () => RestartAsync("--kill", "rabbitmq")),
                _ => ("S3 restarted", "services", (Func<Task>)(() => RestartAsync("s3"))),
            };
            if (running.TryGetValue(victim, out var last) && !last.IsCompleted)
            {
                continue;
            }

            if (last is not null)
            {
                await last;
            }

            Note(name);
            running[victim] = Task.Run(fault, Stop);
        }
    }

    private static Task KillEngineAsync(ServerProgram worker)
    {
        Victims.Children(worker.ProcessId).ForEach(Victims.Kill);
        return Task.CompletedTask;
    }

    private static async Task PauseAsync(ServerProgram worker)
    {
        await FleetProgram.SignalAsync(worker, "STOP");
        await Task.Delay(8000, Stop);
        await FleetProgram.SignalAsync(worker, "CONT");
    }

    private static async Task RestartAsync(params string[] service)
    {
        await TestServices.Disturbed.RunAsync(["stop", .. service]);
        await TestServices.Disturbed.RunAsync("start");
    }

    private static async Task<List<(string Id, int Segments)>> SubmitAsync(FleetProgram fleet, int submitter)
    {
        var random = new Random(submitter);
        var jobs = new List<(string, int)>();
        for (var number = submitter; number < Jobs; number += Submitters)
        {
            var segments = 1 + random.Next(MostSegments);
            var seed = JobClient.Seed(segments, milliseconds: 100 * (1 + random.Next(5)));
            var (video, audio) = (await UploadAsync(fleet, "pictures"), await UploadAsync(fleet, "sound"));

            // What a client does that wants each job once: the same key until there is an answer.
            var body = new JsonObject
            {
                ["video"] = video,
                ["audio"] = audio,
                ["options"] = new JsonObject { ["seed"] = seed },
                ["webhook"] = "http://127.0.0.1:9/nobody",
            };
            var job = await AskAsync(fleet, number, () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Post, "/v1/jobs")
                {
                    Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
                };
                request.Headers.Add("Idempotency-Key", Invariant($"job-{number}"));
                return request;
            });
            jobs.Add(((string)job["id"]!, segments));
        }

        return jobs;
    }

    private static async Task<string> UploadAsync(FleetProgram fleet, string content)
    {
        var upload = await AskAsync(fleet, 0, () => new HttpRequestMessage(HttpMethod.Put, "/v1/uploads") { Content = new StringContent(content) });
        return (string)upload["id"]!;
    }

    private static async Task<string> EndAsync(FleetProgram fleet, string id)
    {
        for (var start = TimeProvider.System.GetTimestamp(); ; await Task.Delay(200, Stop))
        {
            var job = await AskAsync(fleet, 0, () => new HttpRequestMessage(HttpMethod.Get, $"/v1/jobs/{id}"));
            if ((string)job["state"]! is var state && state is "succeeded" or "failed" or "cancelled")
            {
                return state;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromMinutes(8), $"A job is stuck: {job}");
        }
    }

    /// <summary>Asks one process after the other until one answers.</summary>
    private static async Task<JsonObject> AskAsync(FleetProgram fleet, int first, Func<HttpRequestMessage> create)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var request = create();
                using var answer = await fleet.Apis[(first + attempt) % Apis].Client.SendAsync(request, Stop);
                if (answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Created)
                {
                    return await JobClient.JsonAsync(answer);
                }

                Assert.True((int)answer.StatusCode is 500 or 503 && attempt < 300, await answer.Content.ReadAsStringAsync(Stop));
            }
            catch (Exception error) when (error is HttpRequestException or IOException or ObjectDisposedException && attempt < 300)
            {
                // It was killed: the next one.
            }

            await Task.Delay(200, Stop);
        }
    }

    private void Note(string fault)
    {
        _faults[fault] = _faults.GetValueOrDefault(fault) + 1;
        _log.Add(Invariant($"{_clock.Elapsed.TotalSeconds, 7:0.0} s  {fault}"));
    }

    private async Task WriteAsync(
        List<(string Id, int Segments)> jobs,
        Dictionary<string, int> states,
        TimeSpan submitted,
        TimeSpan ended,
        int unequal,
        IReadOnlyList<string> wrong
    )
    {
        Directory.CreateDirectory(Folder);
        var text = new StringBuilder();
        text.AppendLine("| | |").AppendLine("|---|---:|");
        text.AppendLine(Invariant($"| jobs, segments | {jobs.Count}, {jobs.Sum(job => job.Segments)} |"));
        text.AppendLine(Invariant($"| processes for clients, that work | {Apis}, {Workers} |"));
        text.AppendLine(Invariant($"| all submitted, all ended after | {submitted.TotalSeconds:0} s, {ended.TotalSeconds:0} s |"));
        foreach (var (state, count) in states)
        {
            text.AppendLine(Invariant($"| {state} | {count} |"));
        }

        text.AppendLine(Invariant($"| results that differ from those of one process | {unequal} |"));
        text.AppendLine(Invariant($"| broken invariants | {wrong.Count} |"));
        text.AppendLine(Invariant($"| faults | {_log.Count} |"));
        foreach (var (fault, count) in _faults.OrderByDescending(fault => fault.Value))
        {
            text.AppendLine(Invariant($"| {fault} | {count} |"));
        }

        text.AppendLine().AppendLine("```").AppendJoin('\n', _log.Concat(wrong)).AppendLine().AppendLine("```");
        await File.WriteAllTextAsync(Path.Combine(Folder, "faults.md"), text.ToString(), Stop);
    }
}
