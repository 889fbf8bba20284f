// Most of the time tests wait: for segments that are asleep, for pauses, for leases that end.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
[assembly: AssemblyFixture(typeof(LatentSync.ServerTests.Support.ServicesEnd))]

namespace LatentSync.ServerTests.Support;

/// <summary>At the end of the tests nothing of theirs goes on.</summary>
public sealed class ServicesEnd : IDisposable
{
    public void Dispose()
    {
        TestServices.Calm.Release();
        TestServices.Disturbed.Release();
    }
}
