using LatentSync.Audio;
using LatentSync.Faces.Tracking;

namespace LatentSync.Tests.Pipeline.Flow;

public class FrameFlowTests
{
    [Fact]
    public async Task Run_WritesEveryFrameOnceInOrder()
    {
        var flow = new FlowSetup(new FakeVideo(10));
        Assert.Equal(10, (await flow.RunAsync(10)).Painted);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (i, true)), flow.Writer.Frames);
    }

    [Fact]
    public async Task Run_CutsClipsOfTheWantedLength_TheLastOneShorter()
    {
        var flow = new FlowSetup(new FakeVideo(10));
        await flow.RunAsync(10);
        Assert.Equal([4, 4, 2], flow.Generator.ClipLengths);
    }

    [Fact]
    public async Task Run_WhenTheSoundIsShorter_CutsTheVideo()
    {
        var flow = new FlowSetup(new FakeVideo(50));
        await flow.RunAsync(6);
        Assert.Equal(6, flow.Writer.Frames.Count);
    }

    [Fact]
    public async Task Run_WhenTheSoundIsLonger_GoesBackAndForth_AndFindsEachFaceOnce()
    {
        var flow = new FlowSetup(new FakeVideo(3));
        await flow.RunAsync(8);
        Assert.Equal([0, 1, 2, 2, 1, 0, 0, 1], flow.Writer.Frames.Select(frame => frame.Value));
        Assert.Equal([0, 1, 2], flow.Landmarker.Seen);
    }

    [Fact]
    public async Task Run_FramesWithoutAFacePassThrough_AndNoClipSpansThem()
    {
        var flow = new FlowSetup(new FakeVideo(9), [0, 3, 4, 8]) { BridgeFrames = 1 };
        var counts = await flow.RunAsync(9);
        Assert.Equal((5, 5, 4), (counts.Painted, counts[FrameFate.Synced], counts[FrameFate.NoFace]));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8], flow.Writer.Frames.Select(frame => frame.Value));
        Assert.Equal([1, 2, 5, 6, 7], flow.Writer.Frames.Where(frame => frame.Restored).Select(frame => frame.Value));
        Assert.Equal([2, 3], flow.Generator.ClipLengths);
        Assert.Equal([1, 5], flow.Generator.FirstFrames);
    }

    [Fact]
    public async Task Run_WhereNobodySpeaks_FramesPassThrough_AlsoIfFacesMustBeThere()
    {
        // Quiet for two seconds, of which the last 0.2 belong to the voice after it, and three frames fade.
        var flow = new FlowSetup(new FakeVideo(60))
        {
            Quiet = QuietSpans.Find([.. new float[62], 1, 1, 1], shortest: 1, thenSilence: false),
            StrictAbout = "a.mp4",
        };
        var counts = await flow.RunAsync(60);
        Assert.Equal((18, 42), (counts.Painted, counts[FrameFate.Quiet]));
        Assert.All(flow.Writer.Frames.Take(42), frame => Assert.False(frame.Restored));
        Assert.All(flow.Writer.Frames.Skip(42), frame => Assert.True(frame.Restored));
    }

    [Fact]
    public async Task Run_EachFrameHearsItsOwnSound()
    {
        var flow = new FlowSetup(new FakeVideo(9), [2]) { BridgeFrames = 0 };
        await flow.RunAsync(9);
        var expected = Enumerable.Range(0, 9).Where(i => i != 2).Select(flow.SignOfFrame);
        Assert.Equal(expected, flow.Generator.AudioSigns);
    }

    [Fact]
    public async Task Run_AboveThePositionTable_SplitsAClipIntoEqualOnes()
    {
        var flow = new FlowSetup(new FakeVideo(60), clipLength: 28);
        await flow.RunAsync(59);
        Assert.Equal([14, 14, 14, 14, 3], flow.Generator.ClipLengths);
    }

    [Fact]
    public async Task Run_MemoryDoesNotGrowWithTheVideo()
    {
        var flow = new FlowSetup(new FakeVideo(200));
        await flow.RunAsync(200);
        Assert.InRange(flow.Pool.Created, 1, (3 * 4) + 2 + flow.LookAhead);
        Assert.InRange(flow.GeneratedPool.Created, 1, (3 * 4) + 2);
    }

    [Fact]
    public async Task Run_BridgesAShortGap_AndTheClipGoesOn()
    {
        var flow = new FlowSetup(new FakeVideo(9), [3, 4, 8]);
        var counts = await flow.RunAsync(9);
        Assert.Equal((6, 2, 1), (counts[FrameFate.Synced], counts[FrameFate.Bridged], counts[FrameFate.NoFace]));
        Assert.Equal([4, 4], flow.Generator.ClipLengths);
        Assert.Equal([1, 1, 1, 1, 1, 0.75f, 0.5f, 0.25f], flow.Restorer.Weights);
    }

    [Fact]
    public async Task Run_LeavesAFaceThatIsTurnedAway()
    {
        var flow = new FlowSetup(new FakeVideo(6)) { Landmarker = new FakeLandmarker([]) { Turned = [2, 3] } };
        var counts = await flow.RunAsync(6);
        Assert.Equal((4, 2), (counts.Painted, counts[FrameFate.TurnedAway]));
        Assert.Equal([0, 1, 4, 5], flow.Writer.Frames.Where(frame => frame.Restored).Select(frame => frame.Value));
    }

    [Fact]
    public async Task Run_ACutEndsTheClip_OnTheWayBackToo()
    {
        var flow = new FlowSetup(new FakeVideo(6) { CutAt = 3 });
        await flow.RunAsync(12);
        Assert.Equal([0, 1, 2, 3, 4, 5, 5, 4, 3, 2, 1, 0], flow.Writer.Frames.Select(frame => frame.Value));
        Assert.Equal([3, 4, 2, 3], flow.Generator.ClipLengths);
        Assert.Equal(1, flow.Cuts);
        Assert.All(flow.Restorer.Weights, weight => Assert.Equal(1, weight));
    }

    [Fact]
    public async Task Run_InParity_KnowsNoCutsNoBridgesAndNoFades()
    {
        var flow = new FlowSetup(new FakeVideo(7) { CutAt = 2 }, [5]) { Parity = true };
        var counts = await flow.RunAsync(7);
        Assert.Equal((6, 0, 1), (counts.Painted, counts[FrameFate.Bridged], counts[FrameFate.NoFace]));
        Assert.Equal([4, 1, 1], flow.Generator.ClipLengths);
        Assert.Equal(0, flow.Cuts);
        Assert.All(flow.Restorer.Weights, weight => Assert.Equal(1, weight));
    }

    [Fact]
    public async Task Run_WhenStrict_FailsAtTheFirstFrameWithoutTheFace()
    {
        var flow = new FlowSetup(new FakeVideo(100), [20, .. Enumerable.Range(50, 10)]) { StrictAbout = "film.mp4" };
        var error = await Assert.ThrowsAsync<LipSyncException>(() => flow.RunAsync(100));
        Assert.Equal((LipSyncErrorCode.NoFace, "film.mp4"), (error.Code, error.Path));
        Assert.Contains("is missing at 2.00 s (frame 50) of \"film.mp4\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WhenTheVideoIsEmpty_SaysSo()
    {
        var error = await Assert.ThrowsAsync<LipSyncException>(() => new FlowSetup(new FakeVideo(0)).RunAsync(5));
        Assert.Equal(LipSyncErrorCode.InvalidInput, error.Code);
    }

    [Fact]
    public async Task Run_ReportsEveryStageToItsEnd()
    {
        var reports = new List<LipSyncProgress>();
        await new FlowSetup(new FakeVideo(9), [4]) { Progress = new Collector(reports) }.RunAsync(9);
        foreach (var stage in new[] { LipSyncStage.Faces, LipSyncStage.Diffusion, LipSyncStage.Output })
        {
            var last = reports.Last(report => report.Stage == stage);
            Assert.Equal(last.Total, last.Done);
            Assert.Equal(TimeSpan.Zero, last.Remaining);
        }
    }

    [Fact]
    public async Task Run_MeasuresTheWorkOfTheFlow()
    {
        var flow = new FlowSetup(new FakeVideo(9)) { Landmarker = new FakeLandmarker([]) { Delay = TimeSpan.FromMilliseconds(20) } };
        await flow.RunAsync(9);
        var times = flow.Times.ToDictionary();
        Assert.Equal(Enum.GetValues<LipSyncWork>(), times.Keys);

        // Sleeping takes about as long as it was told and never much less; the generator is a fake that measures nothing.
        Assert.InRange(times[LipSyncWork.Faces], TimeSpan.FromMilliseconds(9 * 19), TimeSpan.MaxValue);
        Assert.All([LipSyncWork.Audio, LipSyncWork.Restore, LipSyncWork.Encode], work => Assert.NotEqual(TimeSpan.Zero, times[work]));
        Assert.All([LipSyncWork.VaeEncode, LipSyncWork.Denoise, LipSyncWork.VaeDecode], work => Assert.Equal(TimeSpan.Zero, times[work]));
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
