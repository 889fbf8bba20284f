using LatentSync.Media;
using LatentSync.TestKit;
using TestMedia = LatentSync.EndToEndTests.Media.TestMedia;

namespace LatentSync.EndToEndTests.Pipeline;

/// <summary>The library as a program uses it: load once, run many.</summary>
public sealed class LipSyncEngineTests(Samples samples) : IDisposable
{
    private const int Frames = 10;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task OneEngine_RunsManyJobs()
    {
        using var engine = Load();
        Assert.Equal(128, engine.Resolution);
        var sound = Samples.Make("-i", samples.Sound, "-t", "0.4", _folder.File("short.wav"));

        // Started together, they take turns.
        var (first, same, longer, other) = (SyncAsync("a.mp4", 4, 1), SyncAsync("b.mp4", 4, 1), SyncAsync("c.mp4", 8, 1), SyncAsync("d.mp4", 4, 2));
        var frames = await first;
        Assert.Equal(Frames, frames.Count);
        Assert.Equal(frames, await same);
        Assert.NotEqual(frames, await longer);
        Assert.NotEqual(frames, await other);

        async Task<List<string>> SyncAsync(string name, int numFrames, ulong seed)
        {
            var request = new LipSyncRequest
            {
                Video = samples.Talk,
                Audio = sound,
                Output = _folder.File(name),
                Options = new LipSyncOptions { NumFrames = numFrames, InferenceSteps = 1, LipsExpression = 1, Seed = seed },
            };
            var result = await engine.SyncAsync(request, progress: null, TestMedia.Token);
            Assert.Equal(Frames, result.SyncedFrames);
            return await TestMedia.HashFramesAsync(result.Output, new VideoReadOptions());
        }
    }

    [Fact]
    public async Task Cancelled_LeavesNothingAndTheEngineGoesOn()
    {
        using var engine = Load();
        var folder = Directory.CreateDirectory(_folder.File("out")).FullName;
        var request = new LipSyncRequest
        {
            Video = samples.Talk,
            Audio = samples.Sound,
            Output = Path.Combine(folder, "result.mp4"),
            Options = new LipSyncOptions { NumFrames = 4, InferenceSteps = 2, LipsExpression = 1 },
        };
        using (var stop = new CancellationTokenSource())
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => engine.SyncAsync(request, new StopAtFirstFrame(stop), stop.Token));
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
        Assert.Equal(Samples.SoundFrames, (await engine.SyncAsync(request, progress: null, TestMedia.Token)).SyncedFrames);
    }

    [Fact]
    public async Task Check_RefusesTheRequestBeforeAModelIsLoaded()
    {
        var request = new LipSyncRequest { Video = samples.Talk, Audio = samples.Sound, Output = _folder.File("result.mp4") };
        await LipSyncEngine.CheckAsync(request, TestMedia.Token);
        var error = await Assert.ThrowsAsync<LipSyncException>(() => LipSyncEngine.CheckAsync(request with { Audio = samples.Talk }, TestMedia.Token));
        Assert.Equal((LipSyncErrorCode.InvalidInput, samples.Talk), (error.Code, error.Path));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    private LipSyncEngine Load() => LipSyncEngine.Load(new LipSyncEngineOptions { ModelFolder = samples.Models }, TestMedia.Token);

    private sealed class StopAtFirstFrame(CancellationTokenSource stop) : IProgress<LipSyncProgress>
    {
        public void Report(LipSyncProgress value)
        {
            if (value.Stage == LipSyncStage.Output)
            {
                stop.Cancel();
            }
        }
    }
}
