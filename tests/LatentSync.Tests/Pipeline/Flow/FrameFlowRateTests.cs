using LatentSync.Faces.Tracking;
using LatentSync.Timeline;

namespace LatentSync.Tests.Pipeline.Flow;

/// <summary>Flows of videos that do not have 25 frames per second.</summary>
public class FrameFlowRateTests
{
    /// <summary>Every frame gets the face of the model's frame that is nearest to it, and the model sees each once.</summary>
    [Theory]
    [InlineData(60, 1)]
    [InlineData(50, 1)]
    [InlineData(30000, 1001)]
    [InlineData(24, 1)]
    [InlineData(10, 1)]
    public async Task EveryFrame_GetsTheNearestFaceOfTheModel(int numerator, int denominator)
    {
        const int frames = 100;
        var clock = FrameClock.Of(new FrameRate(numerator, denominator));
        var starts = Enumerable.Range(0, frames).Select(i => (long)i * denominator).ToList();
        var flow = new FlowSetup(new FakeVideo(frames) { Starts = starts }, clipLength: 8) { Clock = clock };
        var seconds = (double)frames * denominator / numerator;
        await flow.RunAsync((int)Math.Ceiling(25 * seconds));
        Assert.Equal(starts, flow.Writer.Starts[..frames]);
        var expected = starts.Select(start => (float)Math.Floor(((decimal)start * 25 / numerator) + 0.5m)).ToList();
        Assert.Equal(expected, flow.Restorer.Faces[..frames]);

        // No frame of the model is made twice, and none is left out but between clips of sparse frames.
        var made = flow.Generator.FirstFrames.Zip(flow.Generator.ClipLengths, Enumerable.Range).SelectMany(clip => clip).ToList();
        Assert.Equal(made.Count, made.Distinct().Count());
        Assert.Equal(made.Select(flow.SignOfFrame), flow.Generator.AudioSigns);
        Assert.InRange(flow.GeneratedPool.Created, 1, (3 * 8) + 2);
        Assert.Subset(made.ToHashSet(), expected.Select(face => (int)face).ToHashSet());
    }

    /// <summary>Five missing frames at 25 per second lie within 6/25 s, as do eleven at 50.</summary>
    [Theory]
    [InlineData(10, 10)]
    [InlineData(11, 11)]
    [InlineData(12, 0)]
    public async Task AGapOfTheFace_IsMeasuredInTime(int missing, int bridged)
    {
        var flow = new FlowSetup(new FakeVideo(60), [.. Enumerable.Range(20, missing)]) { Clock = FrameClock.Of(new FrameRate(50, 1)) };
        Assert.Equal(bridged, (await flow.RunAsync(30))[FrameFate.Bridged]);
    }
}
