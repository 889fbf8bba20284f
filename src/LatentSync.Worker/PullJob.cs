using System.Text.Json.Nodes;
using LatentSync.FrontEnd.Events;

namespace LatentSync.Worker;

/// <summary>A job that downloads a model, or the rest of it; what came of it before it was stopped is kept for the next.</summary>
internal sealed class PullJob(PullMessage message, MessageWriter writer, string? language) : WorkerJob(writer, language)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private long? _last;

    protected override async Task<JsonObject> RunAsync(CancellationToken cancellationToken)
    {
        var progress = new DirectProgress<ModelProgress>(Report);
        var (model, changed) = await new ModelLibrary(message.Folder).PullAsync(message.Name, progress, cancellationToken);
        return new JsonObject
        {
            ["event"] = "result",
            ["model"] = model.Name,
            ["folder"] = model.Folder,
            ["changed"] = changed,
        };
    }

    private void Report(ModelProgress progress)
    {
        if (progress.Done < progress.Total && _last is { } last && TimeProvider.System.GetElapsedTime(last) < Interval)
        {
            return;
        }

        _last = TimeProvider.System.GetTimestamp();
        Writer.Write(WorkerEvents.Progress(progress));
    }
}
