namespace LatentSync.ServerTests.Support;

/// <summary>A fleet whose processes and services the tests of a class kill and restart.</summary>
public sealed class DisturbedFleetFixture : AnyFleetFixture
{
    private IDisposable? _held;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_held is not null)
        {
            await TestServices.Disturbed.RunAsync("stop");
            _held.Dispose();
        }
    }

    private protected override async Task<FleetProgram> StartAsync()
    {
        _held = await TestServices.Disturbed.HoldAsync();
        return await FleetProgram.StartAsync(services: TestServices.Disturbed);
    }
}
