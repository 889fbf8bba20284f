using LatentSync.Server.Engines;

namespace LatentSync.Tests.Server;

public class MemoryHistoryTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    private readonly MemoryHistory _history = new();

    [Fact]
    public void Nothing_IsEmpty() => Assert.Empty(_history.Since(DateTimeOffset.MinValue));

    [Theory]
    [InlineData(1)]
    [InlineData(MemoryHistory.Capacity)]
    [InlineData(MemoryHistory.Capacity + 1)]
    [InlineData((3 * MemoryHistory.Capacity) - 1)]
    public void TheNewestAreKept_TheOldestFirst(int count)
    {
        Fill(count);
        var first = Math.Max(0, count - MemoryHistory.Capacity);
        Assert.Equal(Enumerable.Range(first, count - first).Select(i => (long)i), _history.Since(DateTimeOffset.MinValue).Select(point => point.UsedBytes));
    }

    [Fact]
    public void OnlyThoseSinceATime_AreGiven()
    {
        Fill(10);
        Assert.Equal([7L, 8, 9], _history.Since(Start.AddSeconds(7)).Select(point => point.UsedBytes));
        Assert.Empty(_history.Since(Start.AddSeconds(10)));
    }

    [Fact]
    public void Cleared_BeginsAnew()
    {
        Fill(MemoryHistory.Capacity + 5);
        _history.Clear();
        Assert.Empty(_history.Since(DateTimeOffset.MinValue));
        Fill(2);
        Assert.Equal([0L, 1], _history.Since(DateTimeOffset.MinValue).Select(point => point.UsedBytes));
    }

    private void Fill(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _history.Add(new MemoryPoint(Start.AddSeconds(i), i, null));
        }
    }
}
