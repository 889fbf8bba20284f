using System.Text.Json.Nodes;
using LatentSync.FrontEnd.Events;

namespace LatentSync.Worker;

/// <summary>A job from files to a file.</summary>
internal sealed class FilesJob(FilesMessage message, MessageWriter writer, EngineCache engines, string? language) : InputsJob(message, writer, language)
{
    protected override async Task<JsonObject> RunAsync(CancellationToken cancellationToken)
    {
        var (request, parsed) = Read(message.Overwrite);

        // A mistyped path should not cost the time to load the models.
        await LipSyncEngine.CheckAsync(request, cancellationToken);
        var result = await engines.Get(Options, parsed, cancellationToken).SyncAsync(request, Progress, cancellationToken);
        return JobEvents.Result(result);
    }
}
