using System.Globalization;
using System.Text.Json.Nodes;
using LatentSync.Server.Data;
using LatentSync.Server.Jobs;

namespace LatentSync.Server.Api.Dialects.OpenAi;

/// <summary>Jobs as clients of OpenAI's videos read them.</summary>
internal static class VideoView
{
    /// <summary>The view of a job.</summary>
    public static JsonObject Of(Job job) =>
        new()
        {
            ["id"] = job.Id,
            ["object"] = "video",
            ["model"] = DialectNote.Of(job).Request["model"]?.DeepClone(),
            ["status"] = Status(job.State),
            ["progress"] = JobFacts.Percent(job),
            ["created_at"] = job.CreatedAt.ToUnixTimeSeconds(),
            ["completed_at"] = job.State == JobState.Succeeded ? job.FinishedAt?.ToUnixTimeSeconds() : null,
            ["expires_at"] = job.ExpiresAt?.ToUnixTimeSeconds(),
            ["prompt"] = null,
            ["remixed_from_video_id"] = null,
            ["seconds"] = JobFacts.Seconds(job)?.ToString("0.###", CultureInfo.InvariantCulture),
            ["size"] = JobFacts.Size(job) is { } size ? Invariant($"{size.Width}x{size.Height}") : null,
            ["error"] = JobFacts.Error(job) is { } error ? new JsonObject { ["code"] = error.Code, ["message"] = error.Message } : null,
        };

    private static string Status(JobState state) =>
        state switch
        {
            JobState.Uploading or JobState.Queued => "queued",
            JobState.Succeeded => "completed",
            JobState.Failed or JobState.Cancelled => "failed",
            _ => "in_progress",
        };
}
