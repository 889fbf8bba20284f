using System.CommandLine;
using LatentSync.FrontEnd.Options;
using LatentSync.FrontEnd.Words;

namespace LatentSync.Cli.Commands;

/// <summary><c>latentsync resume</c>: resumes an interrupted job with its original options.</summary>
internal sealed class ResumeCommand : Command
{
    private readonly Argument<string> _job = new("job") { Description = "The result that was not finished, or the job's folder." };
    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Replace the result if it exists." };
    private readonly Option<bool> _json = CommonOptions.Json();

    public ResumeCommand()
        : base("resume", "Resume an interrupted job.")
    {
        Arguments.Add(_job);
        Options.Add(_overwrite);
        Options.Add(_json);
        SetAction(RunAsync);
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var job = UnfinishedJobs.Find(parsed.GetRequiredValue(_job));
        string[] arguments =
        [
            .. job.Options.Select(option => $"{OptionNames.Flag(option.Key)}={option.Value}"),
            .. parsed.GetValue(_overwrite) ? (string[])["--overwrite"] : [],
            .. parsed.GetValue(_json) ? (string[])[CommonOptions.JsonName] : [],
        ];
        var sync = new SyncCommand().Parse(arguments, ParserSettings.Default);
        if (sync.Errors.Count > 0)
        {
            throw new LipSyncException(
                LipSyncErrorCode.InvalidInput,
                $"The unfinished job of \"{job.Output}\" is damaged ({sync.Errors[0].Message.TrimEnd('.')}); begin again with latentsync sync --restart."
            )
            {
                Path = job.Folder,
            };
        }

        return sync.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, cancellationToken);
    }
}
