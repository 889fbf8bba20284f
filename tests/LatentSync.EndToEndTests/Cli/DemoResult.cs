using LatentSync.EndToEndTests.Cli;
using LatentSync.TestKit;

[assembly: AssemblyFixture(typeof(DemoResult))]

namespace LatentSync.EndToEndTests.Cli;

/// <summary>
/// One run of <c>latentsync demo</c> that several tests look at, and one with silence for the voice, each made when the
/// first of them asks for it.
/// </summary>
public sealed class DemoResult : IDisposable
{
    /// <summary>Fewer than the default, for the time; what the tests look at is the same.</summary>
    internal const int Steps = 6;

    private readonly Lazy<DemoProgram> _program = new(() => new DemoProgram());
    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<Task<CliResult>> _run;
    private readonly Lazy<Task<CliResult>> _silentRun;

    public DemoResult()
    {
        _run = new(() => RunAsync(_program.Value));
        _silentRun = new(async () =>
        {
            using var program = new DemoProgram(silent: true);
            return await RunAsync(program, "--out", SilentVideo);
        });
    }

    /// <summary>The program that made it.</summary>
    internal DemoProgram Program => _program.Value;

    /// <summary>The folder it was started in.</summary>
    internal string Folder => _folder.Path;

    /// <summary>The result video.</summary>
    internal string Video => _folder.File("demo.mp4");

    /// <summary>The result with silence for the voice.</summary>
    internal string SilentVideo => _folder.File("silent.mp4");

    /// <summary>What the run said; it went well.</summary>
    internal Task<CliResult> FinishAsync() => _run.Value;

    /// <summary>The same for the run with silence.</summary>
    internal Task<CliResult> FinishSilentAsync() => _silentRun.Value;

    private async Task<CliResult> RunAsync(DemoProgram program, params string[] more)
    {
        var result = await program.RunAsync(_folder.Path, ["demo", "--inference-steps", Invariant($"{Steps}"), .. more]);
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
