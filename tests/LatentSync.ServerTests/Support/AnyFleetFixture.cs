namespace LatentSync.ServerTests.Support;

/// <summary>A fleet for all tests of a class. Where its services are not installed they are skipped when they ask for it: a fixture cannot skip.</summary>
public abstract class AnyFleetFixture : IAsyncLifetime
{
    private FleetProgram? _fleet;

    internal FleetProgram Fleet
    {
        get
        {
            TestServices.SkipIf(TestServices.MissingForFleet);
            return _fleet!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (TestServices.MissingForFleet is null)
        {
            _fleet = await StartAsync();
        }
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (_fleet is not null)
        {
            await _fleet.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    private protected abstract Task<FleetProgram> StartAsync();
}
