using LatentSync.Backends.Cuda.Memory;
using LatentSync.Backends.Cuda.Runtime;
using LatentSync.TestKit;

namespace LatentSync.Tests.Backends.Cuda.Memory;

public sealed class DeviceArenaTests
{
    private const long Mebibyte = 1 << 20;

    [Fact]
    public void FreedNeighbours_BecomeOneBlock()
    {
        using var device = new HostDevice(8 * Mebibyte);
        using var arena = new DeviceArena(device, 16 * Mebibyte, Mebibyte);
        var (first, second, third) = (arena.Allocate(Mebibyte), arena.Allocate(Mebibyte), arena.Allocate(Mebibyte));
        arena.Free(first);
        arena.Free(third);
        arena.Free(second);
        Assert.Equal(first, arena.Allocate(3 * Mebibyte));
        Assert.Equal(3 * Mebibyte, arena.Committed);
        Assert.Equal(3 * Mebibyte, arena.Peak);
    }

    [Fact]
    public void SmallestBlockThatFits_IsTaken()
    {
        using var device = new HostDevice(16 * Mebibyte);
        using var arena = new DeviceArena(device, 16 * Mebibyte, Mebibyte);
        var (large, _, small, _) = (arena.Allocate(4 * Mebibyte), arena.Allocate(256), arena.Allocate(2 * Mebibyte), arena.Allocate(256));
        arena.Free(large);
        arena.Free(small);
        Assert.Equal(small, arena.Allocate(Mebibyte));
        Assert.Equal(large, arena.Allocate(3 * Mebibyte));
    }

    [Fact]
    public void Blocks_NeverOverlap()
    {
        using var device = new HostDevice(64 * Mebibyte);
        using var arena = new DeviceArena(device, 64 * Mebibyte, Mebibyte);
        var random = new Random(5);
        var live = new List<(nint Start, long Length)>();
        for (var i = 0; i < 3000; i++)
        {
            if (live.Count > 0 && random.Next(2) == 0)
            {
                var index = random.Next(live.Count);
                arena.Free(live[index].Start);
                live.RemoveAt(index);
            }
            else
            {
                var length = random.Next(1, 300_000);
                var start = arena.Allocate(length);
                Assert.DoesNotContain(live, block => start < block.Start + block.Length && block.Start < start + length);
                live.Add((start, length));
            }
        }

        live.ForEach(block => arena.Free(block.Start));
        Assert.Equal(0, arena.InUse);
        arena.Trim();
        Assert.Equal(0, arena.Committed);
    }

    [Fact]
    public void Budget_IsKept_AndTheMessageTellsWhatIsMissing()
    {
        using var device = new HostDevice(64 * Mebibyte);
        using var arena = new DeviceArena(device, 64 * Mebibyte, Mebibyte) { Budget = 4 * Mebibyte };
        var held = arena.Allocate(3 * Mebibyte);
        var error = Assert.Throws<DeviceMemoryException>(() => arena.Allocate(2 * Mebibyte));
        Assert.Equal(2 * Mebibyte, error.Wanted);
        Assert.Contains("2 MiB more", error.Message, StringComparison.Ordinal);
        Assert.Equal(3 * Mebibyte, arena.InUse);
        arena.Free(held);
        Assert.NotEqual(0, arena.Allocate(4 * Mebibyte));
    }

    [Fact]
    public void FreeingTwice_IsRefused()
    {
        using var device = new HostDevice(8 * Mebibyte);
        using var arena = new DeviceArena(device, 8 * Mebibyte, Mebibyte);
        var block = arena.Allocate(1000);
        arena.Free(block);
        Assert.Throws<InvalidOperationException>(() => arena.Free(block));
    }

    [Fact]
    public void Trim_KeepsWhatIsInUse()
    {
        using var device = new HostDevice(16 * Mebibyte);
        using var arena = new DeviceArena(device, 16 * Mebibyte, Mebibyte);
        var kept = arena.Allocate(Mebibyte / 2);
        arena.Free(arena.Allocate(6 * Mebibyte));
        arena.Trim();
        Assert.Equal(Mebibyte, arena.Committed);
        Assert.Equal(16 * Mebibyte - Mebibyte, device.Memory.Free);
        arena.Free(kept);
    }
}
