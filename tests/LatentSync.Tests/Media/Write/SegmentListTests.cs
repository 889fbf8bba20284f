using LatentSync.Media.Write;
using LatentSync.Timeline;

namespace LatentSync.Tests.Media.Write;

public class SegmentListTests
{
    [Fact]
    public void TheText() =>
        Assert.Equal(
            "ffconcat version 1.0\nfile 00000.mp4\nduration 10.010000\nfile 00001.mp4\nduration 0.033367\n",
            SegmentList.Format(
                [("00000.mp4", new SegmentEntry(300, 0, 300300)), ("00001.mp4", new SegmentEntry(1, 300300, 301301))],
                new FrameClock(30000, 29.97)
            )
        );

    /// <summary>Ten hours in parts: the sum of the durations before each part rounds to its tick.</summary>
    [Theory]
    [InlineData(30000)]
    [InlineData(90000)]
    [InlineData(12800)]
    [InlineData(999_983)]
    public void Errors_DoNotAddUp(int ticksPerSecond)
    {
        var random = new Random(2);
        var segments = new List<(string, SegmentEntry)>();
        for (var start = 0L; segments.Count < 3600; )
        {
            var end = start + random.NextInt64(10L * ticksPerSecond, 11L * ticksPerSecond);
            segments.Add((segments.Count.ToString("00000", CultureInfo.InvariantCulture) + ".mp4", new SegmentEntry(1, start, end)));
            start = end;
        }

        var lines = SegmentList
            .Format(segments, new FrameClock(ticksPerSecond, 25))
            .Split('\n')
            .Where(line => line.StartsWith("duration ", StringComparison.Ordinal))
            .ToList();
        var sum = 0m;
        foreach (var (i, line) in lines.Index())
        {
            Assert.Equal(segments[i].Item2.Start, (long)Math.Round(sum * ticksPerSecond));
            sum += decimal.Parse(line["duration ".Length..], CultureInfo.InvariantCulture);
        }
    }
}
