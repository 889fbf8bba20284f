namespace LatentSync.ServerTests.Support;

/// <summary>A fleet with workers of two versions, one each.</summary>
public sealed class MixedFleetFixture : AnyFleetFixture
{
    private readonly List<ServerProgram> _workers = [];

    /// <summary>The process of the older version, by the machine and its data folder.</summary>
    internal static string Old => Invariant($"{Environment.MachineName}.worker2");

    /// <summary>The setting by which an engine of the tests is told something.</summary>
    internal static Dictionary<string, string> Engine(params string[] arguments) =>
        arguments.Index().ToDictionary(argument => Invariant($"Engine:{argument.Index + 3}"), argument => argument.Item, StringComparer.Ordinal);

    public override async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
        {
            await worker.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    private protected override async Task<FleetProgram> StartAsync()
    {
        var fleet = await FleetProgram.StartAsync(apis: 1, workers: 0, devices: 1);
        foreach (var version in new[] { "version=1", "version=2" })
        {
            _workers.Add(await fleet.StartAsync("worker", Engine(version)));
        }

        return fleet;
    }
}
