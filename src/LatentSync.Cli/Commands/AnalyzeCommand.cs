using System.CommandLine;
using LatentSync.Cli.Reporting;
using LatentSync.FrontEnd.Engines;
using LatentSync.FrontEnd.Options;
using LatentSync.FrontEnd.Words;

namespace LatentSync.Cli.Commands;

/// <summary><c>latentsync analyze</c>: what to expect of a job, before anything is painted.</summary>
internal sealed class AnalyzeCommand : JobCommand
{
    // Nothing is written; the ending tells what the result could hold.
    private const string AnyResult = "result.mp4";

    public AnalyzeCommand()
        : base("analyze", "Look at a video and a sound before lip-syncing them: faces, gaps, cuts, length.", hasResult: false) => SetAction(RunAsync);

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var json = parsed.GetValue(Json);
        var choice = ModelLocation.OfThisProcess().Choose(parsed.GetValue(Models));
        if (choice.Notice is { } notice)
        {
            NoticeReport.Write(CommandWords.Say(notice), json);
        }

        var request = ReadRequest(parsed.CommandResult);
        request = request.Output.Length > 0 ? request : request with { Output = AnyResult };
        var analysis = await ProgressView.RunAsync(json, progress =>
            LipSyncEngine.AnalyzeAsync(request, ReadEngine(parsed, choice.Folder), path: null, progress, cancellationToken)
        );
        foreach (var sentence in analysis.Notices)
        {
            NoticeReport.Write(CommandWords.Say(sentence), json);
        }

        AnalysisReport.Write(analysis, json);
        return 0;
    }
}
