using LatentSync.Imaging;
using LatentSync.Media.Write;
using LatentSync.Pipeline.FileJob;
using LatentSync.TestKit;

namespace LatentSync.Tests.Pipeline.FileJob;

/// <summary>One small picture a second, and every frame handed on as it came.</summary>
public class PreviewWriterTests
{
    [Theory]
    [InlineData(1920, 1080, 240, 135, 8)]
    [InlineData(100, 257, 50, 129, 2)]
    [InlineData(256, 1, 256, 1, 1)]
    public async Task Preview_IsEveryNthPixelAndAtMost256PixelsWide(int width, int height, int smallWidth, int smallHeight, int step)
    {
        var (frame, previews) = (TestFrames.Noise(width, height, seed: 1), new List<LipSyncPreview>());
        await using var recorder = new Recorder();
        await using var writer = new PreviewWriter(recorder, previews.Add, new Clock());
        await writer.WriteAsync(frame, 0, TestContext.Current.CancellationToken);
        var preview = Assert.Single(previews);
        Assert.Equal((0, smallWidth, smallHeight), (preview.Frame, preview.Width, preview.Height));
        var small = new RgbImage(smallWidth, smallHeight, preview.Pixels.ToArray());
        for (var y = 0; y < smallHeight; y++)
        {
            for (var x = 0; x < smallWidth; x++)
            {
                Assert.True(frame.Row(y * step).Slice(x * step * 3, 3).SequenceEqual(small.Row(y).Slice(x * 3, 3)));
            }
        }
    }

    [Fact]
    public async Task Previews_ComeOnceASecondAndFramesAlways()
    {
        var (clock, previews) = (new Clock(), new List<LipSyncPreview>());
        await using var recorder = new Recorder();
        await using var writer = new PreviewWriter(recorder, previews.Add, clock);
        var frame = TestFrames.Flat(8, 8, 1);
        for (var i = 0; i < 25; i++, clock.Milliseconds += 100)
        {
            await (
                i % 2 == 0
                    ? writer.WriteAsync(frame, i, TestContext.Current.CancellationToken)
                    : writer.PassAsync(frame, i, TestContext.Current.CancellationToken)
            );
        }

        Assert.Equal([0, 10, 20], previews.Select(preview => preview.Frame));
        Assert.Equal(Enumerable.Range(0, 25).Select(i => (i % 2 == 0, (long)i)), recorder.Written);
    }

    private sealed class Clock : TimeProvider
    {
        public long Milliseconds { get; set; } = 1;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Milliseconds;
    }

    private sealed class Recorder : IFrameWriter
    {
        public List<(bool Painted, long Start)> Written { get; } = [];

        public ValueTask WriteAsync(RgbImage frame, long start, CancellationToken cancellationToken)
        {
            Written.Add((true, start));
            return ValueTask.CompletedTask;
        }

        public ValueTask PassAsync(RgbImage frame, long start, CancellationToken cancellationToken)
        {
            Written.Add((false, start));
            return ValueTask.CompletedTask;
        }

        public ValueTask MayCutAsync(long start, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
