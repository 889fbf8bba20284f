using LatentSync.Backends.Cuda.Runtime;

namespace LatentSync.Tests.Backends.Cuda.Runtime;

public sealed class DeviceThreadTests
{
    [Fact]
    public void Work_IsDoneInOrder_OnOneThread()
    {
        using var thread = new DeviceThread();
        var seen = new List<int>();
        thread.Post(() => seen.Add(1));
        var first = thread.Invoke(() => Environment.CurrentManagedThreadId);
        var second = thread.Invoke(() => thread.Invoke(() => Environment.CurrentManagedThreadId));
        Assert.Equal([1], seen);
        Assert.Equal(first, second);
        Assert.NotEqual(Environment.CurrentManagedThreadId, first);
    }

    [Fact]
    public void Failure_ComesBack_AndTheThreadGoesOn()
    {
        using var thread = new DeviceThread();
        Assert.Throws<InvalidOperationException>(() => thread.Invoke(() => throw new InvalidOperationException()));
        Assert.Equal(7, thread.Invoke(() => 7));
    }
}
