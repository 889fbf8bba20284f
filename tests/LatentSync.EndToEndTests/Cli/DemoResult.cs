using LatentSync.EndToEndTests.Cli;
using LatentSync.TestKit;

[assembly: AssemblyFixture(typeof(DemoResult))]

namespace LatentSync.EndToEndTests.Cli;

/// <summary>One run of <c>latentsync demo</c> that several tests look at, made when the first of them asks for it.</summary>
public sealed class DemoResult : IDisposable
{
    /// <summary>Half of the default, for the time; what the tests look at is the same.</summary>
    internal const int Steps = 10;

    private readonly Lazy<DemoProgram> _program = new(() => new DemoProgram());
    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<Task<CliResult>> _run;

    public DemoResult() => _run = new(() => _program.Value.RunAsync(_folder.Path, "demo", "--inference-steps", Invariant($"{Steps}")));

    /// <summary>The program that made it.</summary>
    internal DemoProgram Program => _program.Value;

    /// <summary>The folder it was started in.</summary>
    internal string Folder => _folder.Path;

    /// <summary>The result video.</summary>
    internal string Video => _folder.File("demo.mp4");

    /// <summary>What the run said; it went well.</summary>
    internal async Task<CliResult> FinishAsync()
    {
        var result = await _run.Value;
        Assert.True(result.ExitCode == 0, result.ToString());
        return result;
    }

    public void Dispose()
    {
        _folder.Dispose();
        if (_program.IsValueCreated)
        {
            _program.Value.Dispose();
        }
    }
}
