using LatentSync.Faces.Tracking;

namespace LatentSync.Tests.Pipeline.Flow;

public class FrameFlowPeopleTests
{
    [Fact]
    public async Task Run_WithTwoPeople_PaintsBothInEveryFrame_OutOfClipsOfTheSameFrames()
    {
        var flow = new FlowSetup(new FakeVideo(10))
        {
            Choice = FaceChoice.All,
            Landmarker = new FakeLandmarker { Second = _ => true },
        };
        Assert.Equal(10, (await flow.RunAsync(10))[FrameFate.Synced]);
        Assert.Equal([4, 4, 4, 4, 2, 2], flow.Generator.ClipLengths);
        Assert.Equal([0, 0, 4, 4, 8, 8], flow.Generator.FirstFrames);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (i, true)), flow.Writer.Frames);
        Assert.Equal(Enumerable.Range(0, 10).SelectMany(i => new float[] { i, i }), flow.Restorer.Faces);
    }

    [Fact]
    public async Task Run_WhereAnotherOneComes_EndsTheClip_AndFadesTheOtherIn()
    {
        // Comes at 9 and is known after five frames, at 13.
        var flow = new FlowSetup(new FakeVideo(20), clipLength: 16)
        {
            Choice = FaceChoice.All,
            Landmarker = new FakeLandmarker { Second = frame => frame >= 9 },
        };
        Assert.Equal(20, (await flow.RunAsync(20))[FrameFate.Synced]);
        Assert.Equal([13, 7, 7], flow.Generator.ClipLengths);
        Assert.Equal([.. Enumerable.Repeat(1f, 13), 1, 0.25f, 1, 0.5f, 1, 0.75f, 1, 1, 1, 1, 1, 1, 1, 1], flow.Restorer.Weights);
    }

    [Fact]
    public async Task Run_WhileOneIsThere_TheFrameCountsAsSynced_AlsoIfFacesMustBeThere()
    {
        var flow = new FlowSetup(new FakeVideo(12), clipLength: 16)
        {
            Choice = FaceChoice.All,
            StrictAbout = "a.mp4",
            BridgeFrames = 0,
            Landmarker = new FakeLandmarker { Second = frame => frame is not (6 or 7) },
        };
        Assert.Equal(12, (await flow.RunAsync(12))[FrameFate.Synced]);
        Assert.Equal([6, 6, 2, 4, 4], flow.Generator.ClipLengths);
    }

    [Fact]
    public async Task Run_WithTwoPeople_CountsEachFrameOnceInTheProgress()
    {
        var progress = new List<LipSyncProgress>();
        var flow = new FlowSetup(new FakeVideo(7))
        {
            Choice = FaceChoice.All,
            Landmarker = new FakeLandmarker { Second = frame => frame < 4 },
            Progress = new Collector(progress),
        };
        await flow.RunAsync(7);
        var diffusion = progress.FindAll(report => report.Stage == LipSyncStage.Diffusion);
        Assert.Equal((7, 7), (diffusion[^1].Done, diffusion[^1].Total));
        Assert.All(diffusion, report => Assert.InRange(report.Done, 0, 7));
    }

    private sealed class Collector(List<LipSyncProgress> reports) : IProgress<LipSyncProgress>
    {
        public void Report(LipSyncProgress value)
        {
            lock (reports)
            {
                reports.Add(value);
            }
        }
    }
}
