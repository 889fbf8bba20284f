using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using LatentSync.Server.Data;
using LatentSync.ServerTests.Support;
using LatentSync.TestKit;

namespace LatentSync.ServerTests.Fleet;

/// <summary>One job on more and more workers. The figures are in bench/results, those of a run in artifacts/fleet.</summary>
public sealed class RateTests
{
    private const int Segments = 48;
    private const int Milliseconds = 3000;

    // Analysing and joining are one piece of work each.
    private const double LeastShare = 0.9;

    // A minute of 25 frames a second: a card makes about 20 of them a second, so each of the segments of 10 s takes this long.
    private const int SegmentsOfAMinute = 6;
    private const int CardMilliseconds = 12_500;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Segments take the time of a card, asleep, because this machine has two cores.</summary>
    [Fact(Explicit = true)]
    public async Task Segments_GoToAllWorkers()
    {
        var table = new StringBuilder();
        table.AppendLine("| workers | 48 segments of 3 s | rate against one | to the first segment |").AppendLine("|---:|---:|---:|---:|");
        var rates = new Dictionary<int, double>();
        var one = 0.0;
        foreach (var workers in new[] { 1, 2, 4, 8 })
        {
            await using var fleet = await FleetProgram.StartAsync(apis: 1, workers: (workers + 1) / 2, devices: Math.Min(workers, 2));
            await WarmUpAsync(fleet, workers);
            var jobs = fleet.Jobs();
            var start = TimeProvider.System.GetTimestamp();
            var id = await jobs.SubmitAsync(JobClient.Seed(Segments, Milliseconds));
            await jobs.WaitAsync(id, job => (int?)job["segments"]?["done"] > 0);
            var first = TimeProvider.System.GetElapsedTime(start).TotalSeconds - (Milliseconds / 1000.0);
            await jobs.WaitAsync(id);
            var seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
            one = workers == 1 ? seconds : one;
            rates[workers] = one / seconds;
            table.AppendLine(Invariant($"| {workers} | {seconds:0.0} s | {one / seconds:0.00} | {first:0.00} s |"));
        }

        await WriteAsync("rate.md", table);
        Assert.All(rates, rate => Assert.True(rate.Value >= LeastShare * rate.Key, table.ToString()));
    }

    /// <summary>The real engine with the built-in model; each worker has a core of its own.</summary>
    [Fact(Explicit = true)]
    public async Task RealSegments_GoToBothCores()
    {
        using var folder = new TemporaryFolder();
        var (video, audio) = (folder.File("source.mp4"), folder.File("sound.wav"));
        string[] looped = ["-stream_loop", "-1", "-t", "40"];
        await MediaTool.RunAsync([.. looped, "-i", MediaTool.Sample("head.mp4"), "-an", video]);
        await MediaTool.RunAsync([.. looped, "-i", MediaTool.Sample("voice.wav"), audio]);
        var table = new StringBuilder()
            .AppendLine("| workers | analysis | segments | join | all | segments against one worker |")
            .AppendLine("|---:|---:|---:|---:|---:|---:|");
        var (one, gain) = (0.0, 0.0);
        foreach (var workers in new[] { 1, 2 })
        {
            await using var fleet = await FleetProgram.StartAsync(apis: 1, workers: 0, devices: 1, isReal: true);
            var started = new List<ServerProgram>();
            try
            {
                for (var core = 0; core < workers; core++)
                {
                    started.Add(await fleet.StartAsync("worker", "taskset", "-c", core.ToString(CultureInfo.InvariantCulture)));
                }

                var jobs = new JobClient(fleet.Apis[0].Client) { Limit = TimeSpan.FromMinutes(9) };
                var (videoId, audioId) = (await jobs.UploadFileAsync(video), await jobs.UploadFileAsync(audio));
                using var answer = await jobs.TrySubmitAsync(videoId, audioId, new JsonObject { ["inference_steps"] = 2 });
                var id = (string)(await JobClient.JsonAsync(answer))["id"]!;
                Assert.Equal("succeeded", (string?)(await jobs.WaitAsync(id))["state"]);
                var work = await fleet.WorkAsync(id);
                var (analysis, join) = (Spent(work, WorkKind.Analyse), Spent(work, WorkKind.Join));
                var segments = Span(work.Where(item => item.Kind == WorkKind.Segment));
                one = workers == 1 ? segments : one;
                gain = one / segments;
                table.AppendLine(Invariant($"| {workers} | {analysis:0.0} s | {segments:0.0} s | {join:0.0} s | {Span(work):0.0} s | {gain:0.00} |"));
            }
            finally
            {
                foreach (var process in started)
                {
                    await process.DisposeAsync();
                }
            }
        }

        await WriteAsync("rate-real.md", table);
        Assert.True(gain >= 2 * LeastShare, table.ToString());
    }

    /// <summary>What workers are kept busy with beside generating, of a video of a minute.</summary>
    [Fact(Explicit = true)]
    public async Task Splitting_CostsLittle()
    {
        await using var fleet = await FleetProgram.StartAsync(apis: 1, workers: 2, devices: 1);
        await WarmUpAsync(fleet, workers: 2);
        var table = new StringBuilder().AppendLine("| | worker seconds | of the card's time |").AppendLine("|---|---:|---:|");
        var id = await fleet.Jobs().SubmitAsync(JobClient.Seed(SegmentsOfAMinute, CardMilliseconds));
        Assert.Equal("succeeded", (string?)(await fleet.Jobs().WaitAsync(id))["state"]);
        var work = await fleet.WorkAsync(id);
        const double card = SegmentsOfAMinute * CardMilliseconds / 1000.0;
        var segments = Spent(work, WorkKind.Segment) - card;
        var other = Spent(work, WorkKind.Analyse) + Spent(work, WorkKind.Join);
        var between = (2 * Span(work)) - work.Sum(item => item.Seconds ?? 0);
        table.AppendLine(Invariant($"| generating, asleep | {card:0.0} | |"));
        foreach (var (name, seconds) in new[] { ("fetching and storing around it", segments), ("analysis and joining without an engine", other) })
        {
            table.AppendLine(Invariant($"| {name} | {seconds:0.00} | {seconds / card:0.0%} |"));
        }

        table.AppendLine(Invariant($"| two workers without work: before, between and after | {between:0.00} | {between / card:0.0%} |"));
        await WriteAsync("splitting.md", table);
        Assert.True(segments + other < 0.05 * card, table.ToString());
    }

    /// <summary>Engines are started, which takes this machine seconds.</summary>
    private static async Task WarmUpAsync(FleetProgram fleet, int workers) =>
        await FleetJobs.CheckAsync(fleet, await FleetJobs.SubmitAsync(fleet, 2 * workers, milliseconds: 500, mostSegments: 2));

    private static double Spent(IEnumerable<WorkItem> work, WorkKind kind) => work.Where(item => item.Kind == kind).Sum(item => item.Seconds ?? 0);

    /// <summary>From the first taken to the last done.</summary>
    private static double Span(IEnumerable<WorkItem> work)
    {
        var done = work.Where(item => item is { State: WorkState.Done, Kind: not WorkKind.Score }).ToList();
        return (done.Max(item => item.TakenAt!.Value.AddSeconds(item.Seconds!.Value)) - done.Min(item => item.TakenAt!.Value)).TotalSeconds;
    }

    private static async Task WriteAsync(string name, StringBuilder table)
    {
        var folder = Path.Combine(RepositoryFolder.Path, "artifacts", "fleet");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, name), table.ToString(), Stop);
    }
}
