using System.Text.Json.Nodes;
using LatentSync.FrontEnd.Events;
using LatentSync.FrontEnd.Words;

namespace LatentSync.Worker;

/// <summary>Looks at the video of a job; no network of the model is loaded.</summary>
internal sealed class AnalyzeJob(AnalyzeMessage message, MessageWriter writer, EngineCache engines, string? language) : InputsJob(message, writer, language)
{
    protected override async Task<JsonObject> RunAsync(CancellationToken cancellationToken)
    {
        var (request, parsed) = Read(overwrite: true);
        var analysis = await LipSyncEngine.AnalyzeAsync(request, engines.Options(Options, parsed), message.Analysis, Progress, cancellationToken);
        foreach (var notice in analysis.Notices)
        {
            Writer.Write(WorkerEvents.Notice(CommandWords.Say(notice)));
        }

        return AnalysisEvents.Result(analysis);
    }
}
