using System.CommandLine;
using LatentSync.Cli.Reporting;
using LatentSync.FrontEnd.Engines;
using LatentSync.FrontEnd.Options;
using LatentSync.FrontEnd.Words;

namespace LatentSync.Cli.Commands;

/// <summary><c>latentsync sync</c>: a video and a sound in, the lip-synced video out.</summary>
internal sealed class SyncCommand : JobCommand
{
    public SyncCommand() => SetAction(RunAsync);

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var json = parsed.GetValue(Json);
        var choice = ModelLocation.OfThisProcess().Choose(parsed.GetValue(Models));
        if (choice.Notice is { } notice)
        {
            NoticeReport.Write(CommandWords.Say(notice), json);
        }

        var engineOptions = ReadEngine(parsed, choice.Folder) with { Logger = new NoticeLogger(sentence => NoticeReport.Write(sentence, json)) };
        return SyncJob.RunAsync(ReadRequest(parsed.CommandResult), engineOptions, json, cancellationToken);
    }
}
