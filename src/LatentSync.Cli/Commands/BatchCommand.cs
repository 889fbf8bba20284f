using System.CommandLine;
using LatentSync.Cli.Batch;
using LatentSync.Cli.Reporting;
using LatentSync.FrontEnd.Options;
using LatentSync.FrontEnd.Words;

namespace LatentSync.Cli.Commands;

/// <summary><c>latentsync batch</c>: many jobs out of one file.</summary>
internal sealed class BatchCommand : Command
{
    /// <summary>The exit code of a batch of which some jobs failed.</summary>
    public const int SomeFailed = 20;

    private const int MostRetries = 10;

    private readonly Argument<string> _file = new("file") { Description = "Jobs as .yaml, .json or .csv; see docs/batch.md.", HelpName = "file" };
    private readonly Option<int> _retries = new("--retries")
    {
        Description = "Try a job again, up to N times, whose error may pass: a full disk, a killed ffmpeg; 0 to 10.",
        HelpName = "N",
        DefaultValueFactory = _ => 0,
        CustomParser = Numbers.ParseWhole<int>,
    };
    private readonly Option<bool> _keepGoing = new("--keep-going") { Description = "Continue with the other jobs when one fails (default)." };
    private readonly Option<bool> _stopOnError = new("--stop-on-error") { Description = "End with the first job that fails." };
    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Run jobs whose output exists too, and replace it; else they are skipped." };
    private readonly Option<string?> _report = new("--report") { Description = "Write the results to a file too: .json or .csv.", HelpName = "file" };
    private readonly Option<bool> _json = CommonOptions.Json();

    public BatchCommand()
        : base("batch", "Lip-sync many videos, listed in a file.")
    {
        Arguments.Add(_file);
        foreach (var option in (Option[])[_retries, _keepGoing, _stopOnError, _overwrite, _report, _json])
        {
            Options.Add(option);
        }

        Validators.Add(result =>
        {
            if (SyncOptionSet.Value(result, _retries, fallback: 0) is var retries and (< 0 or > MostRetries))
            {
                result.AddError(CommandWords.Say($"--retries is {retries}; it must be from 0 to {MostRetries}."));
            }

            if (SyncOptionSet.Value(result, _keepGoing, fallback: false) && SyncOptionSet.Value(result, _stopOnError, fallback: false))
            {
                result.AddError(CommandWords.Say($"--keep-going and --stop-on-error contradict each other; leave one out."));
            }

            if (SyncOptionSet.Value(result, _report, fallback: null) is { } report && BatchReportFile.Mistake(report) is { } mistake)
            {
                result.AddError(CommandWords.Say(mistake));
            }
        });
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (path, view) = (parsed.GetRequiredValue(_file), new BatchView(parsed.GetValue(_json)));
        var jobs = new BatchPlan(path, parsed.GetValue(_overwrite), view.Notice).Create(BatchFile.Read(path));
        using var run = new BatchRun(parsed.GetValue(_retries), parsed.GetValue(_stopOnError), view);
        try
        {
            await run.RunAsync(jobs, cancellationToken);
        }
        finally
        {
            // Also when it was stopped: what is done is done.
            view.Summarise(run.Outcomes);
            if (parsed.GetValue(_report) is { } report)
            {
                BatchReportFile.Write(report, run.Outcomes);
            }
        }

        return run.Outcomes.Any(outcome => outcome.State == BatchState.Failed) ? SomeFailed : 0;
    }
}
