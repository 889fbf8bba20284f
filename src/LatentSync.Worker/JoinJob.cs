using System.Text.Json.Nodes;
using LatentSync.FrontEnd.Engines;
using LatentSync.FrontEnd.Events;

namespace LatentSync.Worker;

/// <summary>Joins the segments of a job; no model is needed.</summary>
internal sealed class JoinJob(JoinMessage message, MessageWriter writer, string? language) : InputsJob(message, writer, language)
{
    protected override async Task<JsonObject> RunAsync(CancellationToken cancellationToken)
    {
        var (request, _) = Read(message.Overwrite);
        var logger = new NoticeLogger(sentence => Writer.Write(WorkerEvents.Notice(sentence)));
        return JobEvents.Result(await LipSyncEngine.JoinAsync(request, message.Analysis, message.Segments, logger, cancellationToken));
    }
}
