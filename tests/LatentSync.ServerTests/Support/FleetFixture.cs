namespace LatentSync.ServerTests.Support;

/// <summary>Two processes for clients, two that work with two workers each.</summary>
public sealed class FleetFixture : AnyFleetFixture
{
    private protected override Task<FleetProgram> StartAsync() => FleetProgram.StartAsync();
}
