using LatentSync.TestKit.Hub;

namespace LatentSync.Tests.ModelStore;

/// <summary>Downloads that go well, and those that are stopped and resumed.</summary>
public class PullTests
{
    [Fact]
    public async Task Pull_WritesFilesAndManifest()
    {
        using var setup = new PullSetup();
        var reports = new List<ModelProgress>();
        var (model, changed) = await setup.PullAsync(new Reports(reports));
        setup.AssertComplete();
        Assert.True(changed);
        Assert.Equal("some/model@" + HubServer.Commit, model.Files[0].Source);
        Assert.Equal(PullSetup.Length + 2, model.Length);
        Assert.Equal((model.Length, model.Length), (reports[^1].Done, reports[^1].Total));
        Assert.True(setup.Hub.Downloads.Count(request => request.Path.EndsWith("unet.pt", StringComparison.Ordinal)) >= 4);
        Assert.Equal(PullSetup.Length, setup.Hub.Asked("unet.pt", PullSetup.Length));
    }

    [Fact]
    public async Task SecondPull_AsksForNothing()
    {
        using var setup = new PullSetup();
        await setup.PullAsync();
        setup.Hub.Requests.Clear();
        Assert.False((await setup.PullAsync()).Changed);
        Assert.Empty(setup.Hub.Requests);
    }

    [Fact]
    public async Task MissingFile_IsTheOnlyOneDownloadedAgain()
    {
        using var setup = new PullSetup();
        await setup.PullAsync();
        File.Delete(Path.Combine(setup.Store, PullSetup.Name, "vae", "config.json"));
        Assert.Equal(ModelState.Incomplete, setup.Library.Show(PullSetup.Name).State);
        setup.Hub.Requests.Clear();
        Assert.True((await setup.PullAsync()).Changed);
        setup.AssertComplete();
        Assert.EndsWith("config.json", Assert.Single(setup.Hub.Downloads).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CancelledPull_GoesOnWhereItWas()
    {
        using var setup = new PullSetup();
        using var stop = new CancellationTokenSource();
        // Two parts hang when half of them came; the others come whole. Then the user gives up.
        setup.Hub.Misbehave = request =>
            request.Method == "GET" && request.Range(PullSetup.Length) is { Start: 0 or > 600_000 } range
                ? Part(setup, range) with
                {
                    HangAfter = (range.End - range.Start) / 2,
                }
                : null;
        var half = new DirectProgress(progress =>
        {
            if (progress.Done > PullSetup.Length / 2 && setup.Hub.Downloads.Count() == setup.Settings.PartCount)
            {
                stop.Cancel();
            }
        });
        setup.Settings = setup.Settings with { Time = new EveryTickASecond() };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => setup.Library.PullAsync(PullSetup.Name, half, stop.Token));
        Assert.Equal(ModelState.NotPulled, setup.Library.Show(PullSetup.Name).State);
        Assert.False(File.Exists(setup.Target));

        setup.Hub.Misbehave = _ => null;
        setup.Hub.Requests.Clear();
        await setup.PullAsync();
        setup.AssertComplete();
        Assert.InRange(setup.Hub.Asked("unet.pt", PullSetup.Length), 1, PullSetup.Length / 2);
    }

    [Fact]
    public async Task FileChangedBetweenTwoPulls_StartsOver()
    {
        using var setup = new PullSetup();
        // The first part is sent whole, the others are refused for good.
        setup.Hub.Misbehave = request => request.Range(PullSetup.Length) is { Start: > 0 } ? HubAnswer.Error(404) : null;
        await setup.AssertFailsAsync(LipSyncErrorCode.DownloadFailed, "has no file unet.pt");
        setup.Large[5] ^= 1;
        setup.Hub.Files["some/model/unet.pt"] = new HubFile(setup.Large);
        setup.Hub.Misbehave = _ => null;
        await setup.PullAsync();
        setup.AssertComplete();

        // Told by the tag, since a request of the first pull may still arrive.
        var tag = $"\"{setup.Hub.Files["some/model/unet.pt"].ETag}\"";
        var asked = setup.Hub.Downloads.Where(request => request.Header("If-Range") == tag).Select(request => request.Range(PullSetup.Length)!.Value);
        Assert.Equal(PullSetup.Length, asked.Sum(range => range.End - range.Start));
    }

    [Fact]
    public async Task DamagedPartialFile_IsDownloadedAnew()
    {
        using var setup = new PullSetup();
        setup.Hub.Misbehave = request =>
            request.Path.EndsWith("config.json", StringComparison.Ordinal) || request.Range(PullSetup.Length) is not { Start: > 500_000 }
                ? null
                : HubAnswer.Error(404);
        await setup.AssertFailsAsync(LipSyncErrorCode.DownloadFailed);
        using (var partial = File.OpenWrite(setup.Target + ".partial"))
        {
            partial.Write(new byte[200_000]);
        }

        setup.Hub.Misbehave = _ => null;
        await setup.PullAsync();
        setup.AssertComplete();
    }

    [Fact]
    public async Task LargeFileElsewhere_ComesWithoutTheTokenAndTheTag()
    {
        using var setup = new PullSetup(new HubServer());
        await setup.PullAsync();
        setup.AssertComplete();
        Assert.All(setup.Hub.Requests, request => Assert.Equal("Bearer " + PullSetup.Token, request.Header("Authorization")));
        Assert.NotEmpty(setup.Storage!.Requests);
        Assert.All(setup.Storage.Requests, request => Assert.Null(request.Header("Authorization")));
        Assert.All(setup.Storage.Requests, request => Assert.Null(request.Header("If-Range")));
    }

    [Fact]
    public async Task ServerWithoutRanges_IsReadInOneStream()
    {
        using var setup = new PullSetup();
        setup.Hub.IgnoresRanges = true;
        await setup.PullAsync();
        setup.AssertComplete();
    }

    [Fact]
    public async Task ServerWithoutHead_IsAskedForOneByte()
    {
        using var setup = new PullSetup();
        setup.Hub.Misbehave = request => request.Method == "HEAD" ? HubAnswer.Error(405) : null;
        await setup.PullAsync();
        setup.AssertComplete();
    }

    [Fact]
    public async Task NameThatTheServerGives_IsIgnored()
    {
        using var setup = new PullSetup();
        setup.Hub.Misbehave = request =>
            request.Path.EndsWith("config.json", StringComparison.Ordinal)
                ? new HubAnswer(200, "{}"u8.ToArray()) { Headers = { ["ETag"] = "\"x\"", ["Content-Disposition"] = "attachment; filename=\"../../evil\"" } }
                : null;
        await setup.PullAsync();
        setup.AssertComplete();
    }

    [Fact]
    public async Task TwoPullsAtOnce_OneIsRefused()
    {
        using var setup = new PullSetup();
        using var arrived = new SemaphoreSlim(0);
        using var go = new ManualResetEventSlim();
        setup.Hub.Misbehave = _ =>
        {
            arrived.Release();
            go.Wait(TestContext.Current.CancellationToken);
            return null;
        };
        var first = setup.PullAsync();
        await arrived.WaitAsync(TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAsync<LipSyncException>(() => setup.PullAsync());
        Assert.Contains("by another latentsync", error.Message, StringComparison.Ordinal);
        go.Set();
        await first;
        setup.AssertComplete();
    }

    private static HubAnswer Part(PullSetup setup, (int Start, int End) range) =>
        new(206, setup.Large[range.Start..range.End])
        {
            Headers = { ["Content-Range"] = Invariant($"bytes {range.Start}-{range.End - 1}/{PullSetup.Length}") },
        };

    private sealed class Reports(List<ModelProgress> reports) : IProgress<ModelProgress>
    {
        public void Report(ModelProgress value) => reports.Add(value);
    }

    private sealed class DirectProgress(Action<ModelProgress> report) : IProgress<ModelProgress>
    {
        public void Report(ModelProgress value) => report(value);
    }

    /// <summary>Each look at the clock is a second later, so that every count is reported.</summary>
    private sealed class EveryTickASecond : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Interlocked.Increment(ref _now);
    }
}
