using System.Text.Json.Nodes;

namespace LatentSync.Server.Jobs;

/// <summary>What webhooks say to clients of one interface.</summary>
internal interface IMessageBodies
{
    /// <summary>The interface by which the jobs came in, as in <see cref="Data.Job.Dialect"/>.</summary>
    string Dialect { get; }

    /// <summary>What some changes of a job are told as; none for nothing.</summary>
    IEnumerable<JsonObject> Of(JobChanges changes);
}
