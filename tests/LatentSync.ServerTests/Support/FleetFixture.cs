namespace LatentSync.ServerTests.Support;

/// <summary>One fleet for all tests of a class: two processes for clients, two that work with two workers each.</summary>
public sealed class FleetFixture : IAsyncLifetime
{
    private FleetProgram? _fleet;

    internal FleetProgram Fleet => _fleet!;

    public async ValueTask InitializeAsync() => _fleet = await FleetProgram.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_fleet is not null)
        {
            await _fleet.DisposeAsync();
        }
    }
}
