using System.Text.Json.Nodes;
using LatentSync.FrontEnd.Events;
using LatentSync.FrontEnd.Options;

namespace LatentSync.Worker;

/// <summary>A job from files to a file.</summary>
internal sealed class FilesJob(FilesMessage message, MessageWriter writer, EngineCache engines, string? language) : WorkerJob(writer, language)
{
    private readonly JobOptions _options = new(message.Settings, new JobCommand());

    protected override async Task<JsonObject> RunAsync(CancellationToken cancellationToken)
    {
        var parsed = _options.Parse(
            KeyValuePair.Create("video", message.Video),
            KeyValuePair.Create("audio", message.Audio),
            KeyValuePair.Create("out", message.Output),
            KeyValuePair.Create("overwrite", message.Overwrite ? "true" : "false")
        );
        var request = _options.Request(parsed) with { Preview = preview => Writer.Write(WorkerEvents.Preview(preview)) };

        // A mistyped path should not cost the time to load the models.
        await LipSyncEngine.CheckAsync(request, cancellationToken);
        var result = await engines.Get(_options, parsed, cancellationToken).SyncAsync(request, Progress, cancellationToken);
        return JobEvents.Result(result);
    }
}
