using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LatentSync.EndToEndTests.Cli;

/// <summary>The command line as a child process, as a user starts it. Disposing kills it if it still runs.</summary>
internal sealed partial class CliRun : IDisposable
{
    private const int SigHup = 1;
    private const int SigInt = 2;
    private const int SigKill = 9;
    private const int SigTerm = 15;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private CliRun(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Runs to the end.</summary>
    public static async Task<CliResult> RunAsync(params string[] arguments)
    {
        using var run = Start(arguments);
        return await run.FinishAsync();
    }

    /// <summary>Runs to the end in a changed environment.</summary>
    public static async Task<CliResult> RunAsync(IReadOnlyList<string> arguments, Action<ProcessStartInfo> change)
    {
        using var run = Start(arguments, change);
        return await run.FinishAsync();
    }

    public static CliRun Start(params IReadOnlyList<string> arguments) => Start(arguments, _ => { });

    /// <summary>Starts the program.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="change">Sets the environment.</param>
    /// <param name="ownGroup">The program and its children become a process group, as under a terminal.</param>
    public static CliRun Start(IReadOnlyList<string> arguments, Action<ProcessStartInfo> change, bool ownGroup = false)
    {
        var start = StartInfo(ownGroup, arguments);
        change(start);
        return new CliRun(ChildSignals.Start(start));
    }

    /// <summary>Starts the program through a shell, for <see cref="Start(IReadOnlyList{string}, Action{ProcessStartInfo}, bool)"/>.</summary>
    /// <param name="script">Holds <c>exec "$0" "$@"</c>, which is the program with its arguments.</param>
    public static Action<ProcessStartInfo> InShell(string script) =>
        start =>
        {
            start.ArgumentList.Insert(0, start.FileName);
            start.ArgumentList.Insert(0, script);
            start.ArgumentList.Insert(0, "-c");
            start.FileName = "bash";
        };

    /// <summary>A text as one word of a shell.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    /// <summary>How another program starts this one, its input redirected too.</summary>
    public static ProcessStartInfo StartInfo(params IReadOnlyList<string> arguments)
    {
        var start = StartInfo(ownGroup: false, arguments);
        start.RedirectStandardInput = true;
        return start;
    }

    public async Task<CliResult> FinishAsync()
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(Limit);
        await _process.WaitForExitAsync(timeout.Token);
        return new CliResult(_process.ExitCode, await _output.WaitAsync(timeout.Token), await _error.WaitAsync(timeout.Token));
    }

    /// <summary>Ctrl-C.</summary>
    /// <param name="group">To the children too, as a terminal does; needs a group of its own.</param>
    public void Interrupt(bool group) => Assert.Equal(0, SendSignal(group ? -_process.Id : _process.Id, SigInt));

    /// <summary>Ends the program at once; it cannot tidy up.</summary>
    public async Task KillAsync()
    {
        Assert.Equal(0, SendSignal(_process.Id, SigKill));
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>What <c>kill</c>, <c>systemctl stop</c> and <c>docker stop</c> send.</summary>
    public void Terminate() => Assert.Equal(0, SendSignal(_process.Id, SigTerm));

    /// <summary>What a terminal sends that is closed.</summary>
    public void HangUp() => Assert.Equal(0, SendSignal(_process.Id, SigHup));

    /// <summary>Kills a child whose command line holds a text, as soon as there is one.</summary>
    public async Task KillChildAsync(string commandLinePart) => Assert.Equal(0, SendSignal(await WaitForChildAsync(commandLinePart), SigKill));

    /// <summary>Waits for a child whose command line holds a text; gives its process id.</summary>
    public async Task<int> WaitForChildAsync(string commandLinePart)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Limit; await Task.Delay(10, TestContext.Current.CancellationToken))
        {
            if (
                RunningPrograms
                    .All()
                    .FirstOrDefault(program => program.Parent == _process.Id && program.CommandLine.Contains(commandLinePart, StringComparison.Ordinal)) is
                { } child
            )
            {
                return child.Id;
            }

            Assert.False(_process.HasExited, "The program ended before it started such a child.");
        }

        throw new TimeoutException($"No child with {commandLinePart} appeared.");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static ProcessStartInfo StartInfo(bool ownGroup, IReadOnlyList<string> arguments)
    {
        string[] command =
        [
            .. ownGroup ? (string[])["setsid"] : [],
            Host(),
            "exec",
            Path.Combine(AppContext.BaseDirectory, "LatentSync.Cli.dll"),
            .. arguments,
        ];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment.Remove("LATENTSYNC_MODELS");
        start.Environment["LATENTSYNC_LANG"] = "en";
        start.Environment["LATENTSYNC_HOME"] = Path.Combine(Path.GetTempPath(), "latentsync tests have no store");
        return start;
    }

    /// <summary>The dotnet that runs the tests; by its full path, since a test may take PATH away.</summary>
    private static string Host() =>
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet"
            ? path
            : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SendSignal(int process, int signal);
}
