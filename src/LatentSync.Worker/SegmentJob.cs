using System.Text.Json.Nodes;
using LatentSync.FrontEnd.Events;

namespace LatentSync.Worker;

/// <summary>Makes one segment of a job that was analyzed.</summary>
internal sealed class SegmentJob(SegmentMessage message, MessageWriter writer, EngineCache engines, string? language) : InputsJob(message, writer, language)
{
    protected override async Task<JsonObject> RunAsync(CancellationToken cancellationToken)
    {
        var (request, parsed) = Read(overwrite: true);

        // A mistyped path should not cost the time to load the models.
        foreach (var path in (string[])[message.Video, message.Audio, message.Analysis])
        {
            if (UserFile.Mistake(path) is { } mistake)
            {
                throw new LipSyncException(LipSyncErrorCode.InvalidInput, mistake) { Path = path };
            }
        }

        var engine = engines.Get(Options, parsed, cancellationToken);
        return JobEvents.Result(await engine.SyncSegmentAsync(request, message.Analysis, message.Segment, message.Path, Progress, cancellationToken));
    }
}
