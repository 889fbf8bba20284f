using System.Text.Json.Nodes;
using LatentSync.Cli.Reporting;

namespace LatentSync.Cli.Worker;

/// <summary>A job from files to a file.</summary>
internal sealed class FilesJob(FilesMessage message, MessageWriter writer, EngineCache engines, string? language) : WorkerJob(writer, language)
{
    protected override async Task<JsonObject> RunAsync(CancellationToken cancellationToken)
    {
        var request = new LipSyncRequest
        {
            Video = message.Video,
            Audio = message.Audio,
            Output = message.Output,
            Overwrite = message.Overwrite,
            Preview = preview => Writer.Write(WorkerEvents.Preview(preview)),
            Options = message.Settings.Options(),
        };

        // A mistyped path should not cost the time to load the models.
        await LipSyncEngine.CheckAsync(request, cancellationToken);
        var result = await engines.Get(message.Settings, cancellationToken).SyncAsync(request, Progress, cancellationToken);
        return ResultReport.Describe(result);
    }
}
