using System.Globalization;
using System.Text.Json.Nodes;
using LatentSync.Server.Data;
using LatentSync.Server.Engines;
using LatentSync.Server.Jobs;
using LatentSync.Server.Media;
using LatentSync.Server.Settings;
using LatentSync.Server.Telemetry;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace LatentSync.Server.Work;

/// <summary>Does one piece of work of each kind, and tells the queue what it changes in the job.</summary>
internal sealed class WorkRunner(
    WorkQueue queue,
    MediaFiles media,
    JobProgress progress,
    InputFetcher fetcher,
    ServerMetrics metrics,
    IOptions<ServerSettings> settings,
    TimeProvider time
)
{
    /// <summary>Does the work with an engine.</summary>
    /// <exception cref="EngineException">The engine failed.</exception>
    /// <exception cref="RequestException">An input cannot be fetched.</exception>
    public Task RunAsync(LeasedWork work, EngineSlot engine, CancellationToken cancellationToken) =>
        work.Item.Kind switch
        {
            WorkKind.Fetch => FetchAsync(work, cancellationToken),
            WorkKind.Analyse => AnalyseAsync(work, engine, cancellationToken),
            WorkKind.Segment => SegmentAsync(work, engine, cancellationToken),
            WorkKind.Join => JoinAsync(work, engine, cancellationToken),
            WorkKind.Score => ScoreAsync(work, engine, cancellationToken),
            _ => throw new InvalidOperationException($"There is no work of the kind {work.Item.Kind}."),
        };

    private async Task FetchAsync(LeasedWork work, CancellationToken cancellationToken)
    {
        string[] inputs = [work.Job.VideoId, work.Job.AudioId];
        foreach (var input in inputs)
        {
            await fetcher.FetchAsync(input, cancellationToken);
        }

        await queue.CompleteAsync(work, (_, _) => Task.CompletedTask);
    }

    private async Task AnalyseAsync(LeasedWork work, EngineSlot engine, CancellationToken cancellationToken)
    {
        var job = work.Job;
        await using var files = await media.OpenAsync(work.Item, job, work.Token, cancellationToken);
        var found = await engine.RunAsync("analyze", files, [], progress.Of(work, files), cancellationToken);
        found.Remove("event");
        if ((double?)found["seconds"] is { } seconds && seconds > settings.Value.MaxSeconds)
        {
            throw new EngineException(
                "too_long",
                Invariant($"The result would have {seconds:0} s, but jobs of this server have {settings.Value.MaxSeconds:0} at most.")
            );
        }

        FacePictures.Take(found, files.Face);
        var segments = found["segments"] as JsonArray ?? throw Unfit("analyze");
        work.Digest = await media.KeepAnalysisAsync(files, cancellationToken);
        await queue.CompleteAsync(work, async (database, changes) =>
        {
            await Forecasts.LearnAsync(database, Forecasts.Analysing, (int?)found["video_frames"] ?? 0, found);
            found["forecast"] = await Forecasts.OfAsync(database, job, found);
            changes.Job.Analysis = found.ToJsonString();
            changes.Job.Segments = segments.Count;
            changes.Job.Frames = (int?)found["frames"] ?? 0;
            (changes.Job.Model, changes.Job.Version) = (job.Model ?? engine.DefaultModel, engine.ResultVersion);
            if (changes.Job.IsAnalysis)
            {
                changes.Job.ExpiresAt = time.GetUtcNow() + settings.Value.Retention;
                changes.Go(JobState.Succeeded);
                return;
            }

            changes.Go(JobState.Generating);
            for (var segment = 0; segment < segments.Count; segment++)
            {
                changes.Add(WorkKind.Segment, segment);
            }
        });
    }

    private async Task SegmentAsync(LeasedWork work, EngineSlot engine, CancellationToken cancellationToken)
    {
        var (job, segment) = (work.Job, work.Item.Segment);
        await using var files = await media.OpenAsync(work.Item, job, work.Token, cancellationToken);
        var members = new JsonObject { ["segment"] = segment, ["path"] = files.Segment(segment) };
        var made = await engine.RunAsync("sync_segment", files, members, progress.Of(work, files), cancellationToken);
        metrics.Generated((int?)made["frames"] ?? 0, (double?)made["elapsed_seconds"] ?? 0, (long?)made["peak_device_bytes"] ?? 0);
        work.Digest = await media.KeepSegmentAsync(files, segment, cancellationToken);
        await queue.CompleteAsync(work, async (database, changes) =>
        {
            await Forecasts.LearnAsync(database, Forecasts.Generating(job), (int?)made["synced_frames"] ?? 0, made);
            changes.Job.SegmentsDone = await database.Work.CountAsync(item =>
                item.JobId == job.Id && item.Kind == WorkKind.Segment && item.State == WorkState.Done
            );
            changes.Tell("segment", string.Create(CultureInfo.InvariantCulture, $"{changes.Job.SegmentsDone} of {changes.Job.Segments}"));
            if (changes.Job.SegmentsDone == changes.Job.Segments)
            {
                // A segment that was made again for the join finds its job there.
                if (changes.Job.State == JobState.Generating)
                {
                    changes.Go(JobState.Joining);
                }

                changes.Add(WorkKind.Join);
            }
        });
    }

    private async Task JoinAsync(LeasedWork work, EngineSlot engine, CancellationToken cancellationToken)
    {
        var job = work.Job;
        await using var files = await media.OpenAsync(work.Item, job, work.Token, cancellationToken);
        var members = new JsonObject
        {
            ["segments"] = new JsonArray([.. Enumerable.Range(0, job.Segments).Select(segment => (JsonNode)files.Segment(segment))]),

            // A worker that was lost after it had put the result in its place has not said so.
            ["overwrite"] = true,
        };
        var made = await engine.RunAsync("join", files, members, progress.Of(work, files), cancellationToken);
        made.Remove("event");
        made.Remove("output");
        var (bytes, digest) = await media.KeepResultAsync(files, cancellationToken);
        var isDone = await queue.CompleteAsync(work, async (database, changes) =>
        {
            await Forecasts.LearnAsync(database, Forecasts.Joining, job.Frames, made);
            (changes.Job.Result, changes.Job.ResultBytes, changes.Job.ResultDigest) = (made.ToJsonString(), bytes, digest);
            changes.Job.ExpiresAt = time.GetUtcNow() + settings.Value.Retention;
            changes.Go(JobState.Succeeded);
            if (settings.Value.Score)
            {
                changes.Add(WorkKind.Score);
            }
        });
        if (isDone)
        {
            await media.DeleteSegmentsAsync(job.Id, cancellationToken);
        }
    }

    private async Task ScoreAsync(LeasedWork work, EngineSlot engine, CancellationToken cancellationToken)
    {
        await using var files = await media.OpenAsync(work.Item, work.Job, work.Token, cancellationToken);
        var score = await engine.ScoreAsync(files, cancellationToken);
        score.Remove("event");
        await queue.CompleteAsync(work, (_, changes) =>
        {
            changes.Job.Score = score.ToJsonString();
            changes.Tell("score");
            return Task.CompletedTask;
        });
    }

    private static EngineException Unfit(string type) =>
        new(EngineException.Unfit, $"The engine's answer to {type} is not what this server expects; use the one that comes with it.");
}
