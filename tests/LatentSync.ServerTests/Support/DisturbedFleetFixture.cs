namespace LatentSync.ServerTests.Support;

/// <summary>A fleet whose processes and services the tests of a class kill and restart.</summary>
public sealed class DisturbedFleetFixture : IAsyncLifetime
{
    private FleetProgram? _fleet;
    private IDisposable? _held;

    internal FleetProgram Fleet => _fleet!;

    public async ValueTask InitializeAsync()
    {
        _held = await TestServices.Disturbed.HoldAsync();
        _fleet = await FleetProgram.StartAsync(services: TestServices.Disturbed);
    }

    public async ValueTask DisposeAsync()
    {
        if (_fleet is not null)
        {
            await _fleet.DisposeAsync();
        }

        await TestServices.Disturbed.RunAsync("stop");
        _held?.Dispose();
    }
}
