using LatentSync.TestKit;

[assembly: AssemblyFixture(typeof(LatentSync.Tests.Jobs.OwnHome))]

namespace LatentSync.Tests.Jobs;

/// <summary>Jobs record where they are in the user's data folder; for all unit tests that is a temporary one.</summary>
public sealed class OwnHome : IDisposable
{
    private const string Variable = "LATENTSYNC_HOME";

    private readonly TemporaryFolder _folder = new();
    private readonly string? _before = Environment.GetEnvironmentVariable(Variable);

    public OwnHome() => Environment.SetEnvironmentVariable(Variable, _folder.Path);

    /// <summary>Where the list of jobs is.</summary>
    public string Jobs => _folder.File("jobs");

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Variable, _before);
        _folder.Dispose();
    }
}
