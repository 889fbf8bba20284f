using System.Diagnostics;
using System.Text.Json.Nodes;
using LatentSync.Checkpoints;
using LatentSync.TestKit;
using LatentSync.TestKit.Hub;

namespace LatentSync.EndToEndTests.Cli;

/// <summary>A download of the real size that is killed in the middle, against a hub that sends a little of each part and then hangs.</summary>
public sealed class ModelsPullTests : IDisposable
{
    private const int SentPerPart = 4 << 20;
    private const long NeededSpace = 6_000_000_000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly HubServer _hub = new();

    private string Journal => Path.Combine(_folder.Path, "models", "latentsync-1.6", "latentsync_unet.pt.partial.json");

    public void Dispose()
    {
        _hub.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task KilledPull_AsksOnlyForWhatIsMissing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no kill -9.");
        Assert.SkipWhen(new DriveInfo(_folder.Path).AvailableFreeSpace < NeededSpace, "The disk has no room for a model, which the program checks first.");
        _hub.Misbehave = Answer;
        using (var run = Start())
        {
            await WaitAsync(() => Finished().Sum(range => range.End - range.Start) >= 2 * SentPerPart);
            await run.KillAsync();
        }

        var finished = Finished();
        Assert.False(File.Exists(Path.Combine(_folder.Path, "models", "latentsync-1.6", "latentsync_unet.pt")));
        _hub.Requests.Clear();
        using (var run = Start())
        {
            await WaitAsync(() => Asked().Count >= 4);
            await run.KillAsync();
        }

        Assert.All(Asked(), asked => Assert.DoesNotContain(finished, range => asked.Start < range.End && range.Start < asked.End));
    }

    [Fact]
    public async Task InterruptedPull_SaysThatItIsKept()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no such signal.");
        Assert.SkipWhen(new DriveInfo(_folder.Path).AvailableFreeSpace < NeededSpace, "The disk has no room for a model, which the program checks first.");
        _hub.Misbehave = Answer;
        using var run = Start();
        await WaitAsync(() => Asked().Count >= 4);
        run.Interrupt(group: false);
        var result = await run.FinishAsync();
        Assert.Equal(130, result.ExitCode);
        Assert.EndsWith("Stopped; what was downloaded is kept for the next pull.\n", result.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(Journal));
    }

    private CliRun Start() => CliRun.Start(["models", "pull", "latentsync-1.6"], start =>
        {
            start.Environment["LATENTSYNC_HOME"] = _folder.Path;
            start.Environment["HF_ENDPOINT"] = _hub.Address;
            start.Environment["HF_HOME"] = _folder.Path;
            start.Environment["no_proxy"] = "127.0.0.1";
            start.Environment.Remove("HF_TOKEN");
            start.Environment.Remove("HUGGING_FACE_HUB_TOKEN");
        });

    private static HubAnswer Answer(HubRequest request)
    {
        var unet = KnownCheckpoint.Find("1.6")!;
        if (request.Method == "HEAD")
        {
            return request.Path.EndsWith("latentsync_unet.pt", StringComparison.Ordinal)
                ? HubAnswer.Error(200, ("X-Linked-Size", Invariant($"{unet.Length}")), ("X-Linked-ETag", $"\"{unet.Sha256}\""))
                : HubAnswer.Error(200, ("X-Linked-Size", "2"), ("ETag", "\"small\""));
        }

        var (start, end) = Range(request);
        return new HubAnswer(206, new byte[SentPerPart])
        {
            StatedLength = end - start,
            HangAfter = SentPerPart,
            Headers = { ["Content-Range"] = Invariant($"bytes {start}-{end - 1}/{unet.Length}") },
        };
    }

    private List<(long Start, long End)> Asked() => [.. _hub.Downloads.Select(Range)];

    private static (long Start, long End) Range(HubRequest request)
    {
        var ends = request
            .Header("Range")!["bytes=".Length..]
            .Split('-')
            .Select(text => long.Parse(text, System.Globalization.CultureInfo.InvariantCulture))
            .ToArray();
        return (ends[0], ends[1] + 1);
    }

    /// <summary>The journal's ranges; it is replaced as a whole, so it can be read at any time.</summary>
    private List<(long Start, long End)> Finished() =>
        File.Exists(Journal)
            ? [.. JsonNode.Parse(File.ReadAllText(Journal))!["finished"]!.AsArray().Select(range => ((long)range!["start"]!, (long)range["end"]!))]
            : [];

    private static async Task WaitAsync(Func<bool> condition)
    {
        for (var clock = Stopwatch.StartNew(); !condition(); await Task.Delay(20, TestContext.Current.CancellationToken))
        {
            Assert.True(clock.Elapsed < Limit, "The download did not get there.");
        }
    }
}
