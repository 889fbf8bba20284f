using LatentSync.ParityTests;
using LatentSync.TestKit;

[assembly: AssemblyFixture(typeof(ParityTableFixture))]

namespace LatentSync.ParityTests;

/// <summary>Writes the parity table when all tests have run.</summary>
public sealed class ParityTableFixture : IDisposable
{
    private readonly ParityTable _table = new("parity");

    public void Dispose() => _table.Dispose();
}
