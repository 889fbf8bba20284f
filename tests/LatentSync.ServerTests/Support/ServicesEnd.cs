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
