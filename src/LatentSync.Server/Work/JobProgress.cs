using System.Text.Json.Nodes;
using LatentSync.Server.Data;
using LatentSync.Server.Events;
using LatentSync.Server.Jobs;
using LatentSync.Server.Media;

namespace LatentSync.Server.Work;

/// <summary>Turns what an engine says of one piece of work into the progress of its job.</summary>
internal sealed class JobProgress(JobFeeds feeds, TimeProvider time)
{
    /// <summary>Hears the events of one piece of work.</summary>
    public Action<JsonObject> Of(LeasedWork work, WorkFiles files)
    {
        var (job, item, started) = (work.Job, work.Item, time.GetTimestamp());
        return said =>
        {
            switch ((string?)said["event"])
            {
                case "progress":
                    feeds.Publish(job.Id, Progress(job, item, said, time.GetElapsedTime(started)));
                    break;
                case "preview":
                    PreviewFile.Write(files.Preview, said);
                    files.PreviewChanged();
                    break;
                case "notice":
                    feeds.Publish(job.Id, new JsonObject { ["notice"] = (string?)said["message"] });
                    break;
                default:
                    break;
            }
        };
    }

    private static JsonObject Progress(Job job, WorkItem item, JsonObject said, TimeSpan elapsed)
    {
        var (done, total) = ((double?)said["done"] ?? 0, (double?)said["total"] ?? 0);
        var share = total > 0 ? Math.Clamp(done / total, 0, 1) : 0;
        return new JsonObject
        {
            ["state"] = Names.Of(job.State),
            ["stage"] = (string?)said["stage"],
            ["done"] = done,
            ["total"] = total,
            ["segment"] = item.Kind == WorkKind.Segment ? item.Segment : null,
            ["segments"] = job.Segments,
            ["rate"] = elapsed > TimeSpan.Zero ? Math.Round(done / elapsed.TotalSeconds, 2) : null,
            ["share"] = Math.Round(item.Kind == WorkKind.Segment && job.Segments > 0 ? (item.Segment + share) / job.Segments : share, 4),
            ["remaining_seconds"] = said["remaining_seconds"]?.DeepClone(),
        };
    }
}
