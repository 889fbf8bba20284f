using LatentSync.Media.Read;
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
                Options = new LipSyncFileOptions
                {
                    Sampling = new()
                    {
                        NumFrames = numFrames,
                        InferenceSteps = 1,
                        LipsExpression = 1,
                        Seed = seed,
                    },
                },
            };
            var result = await engine.SyncAsync(request, progress: null, TestMedia.Token);
            Assert.Equal(Frames, result.SyncedFrames);
            return await TestMedia.HashFramesAsync(result.Output, new VideoReadOptions());
        }
    }

    /// <summary>What the engine keeps open for the next segment is that of the same job and of the same files.</summary>
    [Fact]
    public async Task Segments_AreOfOneJob()
    {
        var options = new LipSyncEngineOptions { ModelFolder = samples.Models, SegmentDuration = TimeSpan.FromSeconds(0.2) };
        using var engine = LipSyncEngine.Load(options, TestMedia.Token);
        var (sound, plan) = (Samples.Make("-i", samples.Sound, "-t", "0.4", _folder.File("short.wav")), _folder.File("plan"));
        var request = new LipSyncRequest
        {
            Video = samples.Talk,
            Audio = sound,
            Output = _folder.File("result.mp4"),
            Options = new LipSyncFileOptions
            {
                Sampling = new()
                {
                    NumFrames = 4,
                    InferenceSteps = 1,
                    LipsExpression = 1,
                },
            },
        };
        var analysis = await engine.AnalyzeAsync(request, plan, progress: null, TestMedia.Token);
        var bytes = File.ReadAllBytes(plan);
        Assert.Equal(analysis.Segments, (await LipSyncEngine.AnalyzeAsync(request, options, plan, progress: null, TestMedia.Token)).Segments);
        Assert.Equal(bytes, File.ReadAllBytes(plan));
        Assert.Equal([8, 2], analysis.Segments.Select(segment => segment.Frames));
        string[] parts = [_folder.File("0.mp4"), _folder.File("1.mp4")];
        for (var i = 0; i < parts.Length; i++)
        {
            Assert.Equal(i, (await engine.SyncSegmentAsync(request, plan, i, parts[i], progress: null, TestMedia.Token)).Segment);
        }

        var joined = await LipSyncEngine.JoinAsync(request, plan, parts, logger: null, TestMedia.Token);
        var whole = await engine.SyncAsync(request with { Output = _folder.File("whole.mp4") }, progress: null, TestMedia.Token);
        Assert.Equal(File.ReadAllBytes(whole.Output), File.ReadAllBytes(joined.Output));

        var other = request with { Options = request.Options with { Sampling = request.Options.Sampling with { Seed = 5 } } };
        var error = await Assert.ThrowsAsync<LipSyncException>(() => engine.SyncSegmentAsync(other, plan, 0, parts[0], progress: null, TestMedia.Token));
        Assert.Contains("a job with Seed 1247 instead of 5", error.Message, StringComparison.Ordinal);
        File.AppendAllText(sound, "more");
        error = await Assert.ThrowsAsync<LipSyncException>(() => engine.SyncSegmentAsync(request, plan, 0, parts[0], progress: null, TestMedia.Token));
        Assert.Equal((LipSyncErrorCode.InvalidInput, sound), (error.Code, error.Path));
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
            Options = new LipSyncFileOptions
            {
                Sampling = new()
                {
                    NumFrames = 4,
                    InferenceSteps = 2,
                    LipsExpression = 1,
                },
            },
        };
        using (var stop = new CancellationTokenSource())
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => engine.SyncAsync(request, new StopAtFirstFrame(stop), stop.Token));
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
        Assert.Equal(Samples.SoundFrames, (await engine.SyncAsync(request, progress: null, TestMedia.Token)).SyncedFrames);
    }

    /// <summary>The networks are freed under a job ten times, at another moment each time; the job ends as if it had been cancelled.</summary>
    [Fact(Explicit = true)]
    public async Task DisposedInTheMiddleOfAJob_StopsItFirst()
    {
        const int times = 10;
        var patience = TimeSpan.FromSeconds(20);
        var random = new Random(times);
        for (var i = 0; i < times; i++)
        {
            using var engine = Load();
            var (first, second) = (new FirstReport(LipSyncStage.Diffusion, () => { }), new FirstReport(LipSyncStage.Prepare, () => { }));
            var (running, waiting) = (
                engine.SyncAsync(Request("running.mp4"), first, TestMedia.Token),
                engine.SyncAsync(Request("waiting.mp4"), second, TestMedia.Token)
            );
            await first.Came.WaitAsync(patience, TestMedia.Token);
            await Task.Delay(random.Next(30), TestMedia.Token);
            await Task.Run(engine.Dispose, TestMedia.Token).WaitAsync(patience, TestMedia.Token);
            Assert.True(running.IsCompleted);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
            Assert.False(second.Came.IsCompleted);
            await Assert.ThrowsAsync<ObjectDisposedException>(() => engine.SyncAsync(Request("late.mp4"), progress: null, TestMedia.Token));
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path, "*.mp4"));
    }

    /// <summary>A program that closes everything as soon as it has seen enough waits neither for itself nor for ever.</summary>
    [Fact]
    public async Task DisposedByItsOwnProgress_StopsTheJob()
    {
        using var engine = Load();
        var progress = new FirstReport(LipSyncStage.Output, engine.Dispose);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            engine.SyncAsync(Request("result.mp4"), progress, TestMedia.Token).WaitAsync(TimeSpan.FromSeconds(20), TestMedia.Token)
        );
        Assert.True(progress.Came.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Check_RefusesTheRequestBeforeAModelIsLoaded()
    {
        var request = new LipSyncRequest
        {
            Video = samples.Talk,
            Audio = samples.Sound,
            Output = _folder.File("result.mp4"),
        };
        await LipSyncEngine.CheckAsync(request, TestMedia.Token);
        var error = await Assert.ThrowsAsync<LipSyncException>(() => LipSyncEngine.CheckAsync(request with { Audio = samples.Talk }, TestMedia.Token));
        Assert.Equal((LipSyncErrorCode.InvalidInput, samples.Talk), (error.Code, error.Path));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    private LipSyncRequest Request(string output) =>
        new()
        {
            Video = samples.Talk,
            Audio = samples.LongerSound,
            Output = _folder.File(output),
            Options = new LipSyncFileOptions
            {
                Sampling = new() { NumFrames = 4, InferenceSteps = 4 },
            },
        };

    private LipSyncEngine Load() => LipSyncEngine.Load(new LipSyncEngineOptions { ModelFolder = samples.Models }, TestMedia.Token);

    /// <summary>Does something at the first report of a stage, on the thread that reports.</summary>
    private sealed class FirstReport(LipSyncStage stage, Action action) : IProgress<LipSyncProgress>
    {
        private readonly TaskCompletionSource _came = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Came => _came.Task;

        public void Report(LipSyncProgress value)
        {
            if (value.Stage == stage && !Came.IsCompleted)
            {
                action();
                _came.TrySetResult();
            }
        }
    }

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
