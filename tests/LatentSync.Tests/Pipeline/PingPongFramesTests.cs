using LatentSync.Pipeline;

namespace LatentSync.Tests.Pipeline;

public class PingPongFramesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(100)]
    public async Task Read_GoesForwardAndBackward_TheTurningFrameTwice(int segmentLength)
    {
        int[] expected = [0, 1, 2, 3, 4, 4, 3, 2, 1, 0, 0, 1, 2, 3, 4, 4, 3];
        var (indices, values, _) = await ReadAsync(new FakeVideo(5), segmentLength, expected.Length);
        Assert.Equal(expected, indices);
        Assert.Equal(expected, values);
    }

    [Fact]
    public async Task Read_OfOneFrame_RepeatsIt()
    {
        var (indices, _, _) = await ReadAsync(new FakeVideo(1), 4, 7);
        Assert.All(indices, index => Assert.Equal(0, index));
    }

    [Fact]
    public async Task Read_OfNoFrame_Ends()
    {
        var (indices, _, _) = await ReadAsync(new FakeVideo(0), 4, 7);
        Assert.Empty(indices);
    }

    [Fact]
    public async Task Read_ClosesEveryReader()
    {
        var video = new FakeVideo(5);
        await ReadAsync(video, 2, 13);
        Assert.Equal(video.Opened, video.Closed);
    }

    [Fact]
    public async Task Read_HoldsNoMoreFramesThanASegment()
    {
        var (_, _, pool) = await ReadAsync(new FakeVideo(50), 8, 200);
        Assert.InRange(pool.Created, 1, 8 + 1);
    }

    private static async Task<(List<int> Indices, List<int> Values, FramePool Pool)> ReadAsync(FakeVideo video, int segmentLength, int count)
    {
        var pool = new FramePool(4, 2);
        var (indices, values) = (new List<int>(), new List<int>());
        await foreach (var frame in new PingPongFrames(video.Open, pool, segmentLength).ReadAsync(TestContext.Current.CancellationToken))
        {
            indices.Add(frame.Index);
            values.Add(frame.Image.Pixels[0]);
            pool.Return(frame.Image);
            if (indices.Count == count)
            {
                break;
            }
        }

        return (indices, values, pool);
    }
}
