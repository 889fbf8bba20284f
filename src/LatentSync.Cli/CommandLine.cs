using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Diagnostics.CodeAnalysis;
using LatentSync.Cli.Commands;
using LatentSync.Cli.Commands.Models;
using LatentSync.Cli.Commands.Remote;
using LatentSync.Cli.Commands.Server;
using LatentSync.Cli.Reporting;
using LatentSync.FrontEnd.Events;
using LatentSync.FrontEnd.Options;
using LatentSync.FrontEnd.Words;

namespace LatentSync.Cli;

/// <summary>The command line as a whole: parsing, all mistakes at once, errors as one sentence, exit codes.</summary>
internal static class CommandLine
{
    // As in many programs: "help sync" is "sync --help".
    private const string HelpName = "help";
    private const string HelpFlag = "--help";

    /// <summary>
    /// Runs a command and gives its exit code: 0, a <see cref="LipSyncErrorCode"/>, <see cref="BatchCommand.SomeFailed"/>, or
    /// that of <see cref="StopSignals"/>.
    /// </summary>
    public static async Task<int> RunAsync(string[] args)
    {
        StandardStream.Install();
        try
        {
            return await ParseAndRunAsync(args);
        }
        catch (LipSyncException error)
        {
            // Standard output failed, and an error that belongs there cannot be told on it.
            return ErrorReport.Write(error, json: false);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "The outermost frame: what nobody expected becomes a report and an exit code.")]
    private static async Task<int> ParseAndRunAsync(string[] args)
    {
        var root = Root();
        string[] arguments = args is [HelpName, .. var asked] ? [.. asked, HelpFlag] : args;
        var parsed = root.Parse(arguments, ParserSettings.Default);
        var json = parsed.GetValue<bool>(CommonOptions.JsonName);
        Language.Speak(
            Language.Choose(
                parsed.GetValue<string?>(Language.OptionName),
                json || parsed.CommandResult.Command is WorkerCommand,
                Environment.GetEnvironmentVariable
            )
        );
        if (parsed.Errors.Count > 0)
        {
            // Mistakes are put into words while parsing.
            parsed = root.Parse(arguments, ParserSettings.Default);
            return ReportMistakes(parsed, json);
        }

        using var signals = new StopSignals();
        if (parsed.CommandResult.Command is ServeCommand)
        {
            // The server finishes the segments in hand, for as long as its own setting says.
            signals.Grace = ServeCommand.LongestStop;
        }

        try
        {
            if (parsed.CommandResult.Command != root && parsed.Action is not HelpText)
            {
                OpenFileLimit.Require();
            }

            // The library's own handling of signals is off: it let Ctrl-C end the process before anything was tidied up.
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(configuration, signals.Token);
        }
        catch (LipSyncStoppedException stopped) when (signals.Token.IsCancellationRequested)
        {
            ErrorReport.Cancelled(json, stopped.Sentence);
            return signals.ExitCode;
        }
        catch (Exception) when (signals.Token.IsCancellationRequested)
        {
            // Whatever came first: a terminal sends Ctrl-C to ffmpeg too, whose end may be noticed before the signal.
            ErrorReport.Cancelled(
                json,
                parsed.CommandResult.Command switch
                {
                    ModelsPullCommand => $"Stopped; what was downloaded is kept for the next pull.",
                    BatchCommand => $"Stopped; the results of the jobs that are done are kept, and the next run continues with the rest.",
                    _ => $"Stopped; nothing was written.",
                }
            );
            return signals.ExitCode;
        }
        catch (LipSyncException error)
        {
            return ErrorReport.Write(error, json);
        }
        catch (Exception error)
        {
            return ErrorReport.Write(InternalFault.Of(error), json);
        }
    }

    /// <summary>Not a RootCommand, which takes its name from the assembly; people start it as latentsync.</summary>
    internal static Command Root() =>
        new("latentsync", "Lip-syncs a video to a sound with the public LatentSync models, without Python.")
        {
            new DemoCommand(),
            new SyncCommand(),
            new AnalyzeCommand(),
            new ResumeCommand(),
            new JobsCommand(),
            new BatchCommand(),
            new InspectCommand(),
            new ScoreCommand(),
            new DoctorCommand(),
            new ModelsCommand(),
            new BenchCommand(),
            new ServeCommand(),
            new KeysCommand(),
            new SubmitCommand(),
            new StatusCommand(),
            new WaitCommand(),
            new FetchCommand(),
            new WorkerCommand(),
            Language.Option(),
            new HelpOption(HelpFlag, "-h", "-?") { Action = new HelpText(), Description = "Show this help." },
            new VersionOption { Description = "Show the version." },
        };

    private static int ReportMistakes(ParseResult parsed, bool json)
    {
        var path = new List<string> { HelpFlag };
        for (SymbolResult? result = parsed.CommandResult; result is CommandResult command; result = result.Parent)
        {
            path.Insert(0, command.Command.Name);
        }

        var hint = string.Join(' ', path);
        var mistakes = parsed
            .Errors.Select(error => error.Message)
            .Distinct(StringComparer.Ordinal)
            .Select(mistake => CommandWords.Say(ParserSentence.Of(mistake)) + Suggestion(parsed, mistake));
        return ErrorReport.Write(
            new LipSyncException(LipSyncErrorCode.InvalidOptions, $"{string.Join(Environment.NewLine, [.. mistakes, CommandWords.Say($"See \"{hint}\".")])}"),
            json
        );
    }

    /// <summary>Such as <c> Did you mean '--video'?</c> behind the mistake that quotes an unknown argument; else empty.</summary>
    private static string Suggestion(ParseResult parsed, string mistake)
    {
        var command = parsed.CommandResult.Command;
        IEnumerable<string> names = [.. command.Options.Select(option => option.Name), .. command.Subcommands.Select(subcommand => subcommand.Name)];
        return
            parsed.UnmatchedTokens.FirstOrDefault(token => mistake.Contains($"'{token}'", StringComparison.Ordinal)) is { } typo
            && Spelling.Nearest(typo.Split('=')[0], names) is { } meant
            ? CommandWords.Say($" Did you mean '{meant}'?")
            : string.Empty;
    }
}
