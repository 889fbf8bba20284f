using System.CommandLine;
using LatentSync.Cli.Commands;
using LatentSync.Cli.Reporting;

namespace LatentSync.Cli;

/// <summary>The command line as a whole: parsing, all mistakes at once, errors as one sentence, exit codes.</summary>
internal static class CommandLine
{
    /// <summary>Exit code after Ctrl-C, as shells expect it (128 + SIGINT).</summary>
    public const int CancelledExitCode = 130;

    /// <summary>Runs a command and gives its exit code: 0, a <see cref="LipSyncErrorCode"/>, or 130 after Ctrl-C.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Lip-syncs a video to a sound with the public LatentSync models, without Python.")
        {
            new SyncCommand(),
            new InspectCommand(),
            new DoctorCommand(),
        };
        var parsed = root.Parse(args);
        var json = parsed.GetValue<bool>(CommonOptions.JsonName);
        if (parsed.Errors.Count > 0)
        {
            return ReportMistakes(parsed, json);
        }

        try
        {
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false };
            return await parsed.InvokeAsync(configuration);
        }
        catch (OperationCanceledException)
        {
            ErrorReport.Cancelled(json);
            return CancelledExitCode;
        }
        catch (LipSyncException error)
        {
            ErrorReport.Write(error, json);
            return (int)error.Code;
        }
    }

    private static int ReportMistakes(ParseResult parsed, bool json)
    {
        var command = parsed.CommandResult.Command;
        var hint = command is RootCommand ? "latentsync --help" : $"latentsync {command.Name} --help";
        ErrorReport.Write(
            new LipSyncException(
                LipSyncErrorCode.InvalidOptions,
                string.Join(Environment.NewLine, parsed.Errors.Select(error => error.Message).Distinct(StringComparer.Ordinal))
                + Environment.NewLine + $"See \"{hint}\"."),
            json);
        return (int)LipSyncErrorCode.InvalidOptions;
    }
}
