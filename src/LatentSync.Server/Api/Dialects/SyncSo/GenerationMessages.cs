using System.Text.Json.Nodes;
using LatentSync.Server.Jobs;

namespace LatentSync.Server.Api.Dialects.SyncSo;

/// <summary>The webhook of a generation: one, when it has ended.</summary>
internal sealed class GenerationMessages(GenerationView view) : IMessageBodies
{
    public string Dialect => SyncSoErrors.Name;

    public IEnumerable<JsonObject> Of(JobChanges changes) => changes.IsEnd ? [view.Of(changes.Job, DialectNote.Of(changes.Job).BaseUrl)] : [];
}
