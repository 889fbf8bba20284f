using System.Text.Json;
using System.Text.Json.Nodes;
using LatentSync.Server.Data;
using LatentSync.Server.Jobs;

namespace LatentSync.Server.Api.Dialects;

/// <summary>What several dialects tell of a job.</summary>
internal static class JobFacts
{
    private const int AnalysisShare = 5;
    private const int JoiningShare = 95;
    private const int Whole = 100;

    /// <summary>The code of an error where a job was cancelled and the dialect has no state for that.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>Seconds of the result; null before the analysis is done.</summary>
    public static double? Seconds(Job job) => Number(job, "seconds");

    /// <summary>Width and height of the pictures; null before the analysis is done.</summary>
    public static (int Width, int Height)? Size(Job job) =>
        Number(job, "width") is { } width && Number(job, "height") is { } height ? ((int)width, (int)height) : null;

    /// <summary>How far a job is, from 0 to 100, by its segments.</summary>
    public static int Percent(Job job) =>
        job.State switch
        {
            JobState.Succeeded => Whole,
            JobState.Joining => JoiningShare,
            _ when job.Segments > 0 => AnalysisShare + ((JoiningShare - AnalysisShare) * job.SegmentsDone / job.Segments),
            _ => 0,
        };

    /// <summary>Why there is no result: code and sentence; null if there is one, or may be one later.</summary>
    public static (string Code, string Message)? Error(Job job) =>
        job.State switch
        {
            JobState.Failed => (job.ErrorKind ?? "internal", job.ErrorMessage ?? "The job failed."),
            JobState.Cancelled => (Cancelled, "The job was cancelled."),
            _ => null,
        };

    private static double? Number(Job job, string name) =>
        job.Analysis is { } analysis && JsonNode.Parse(analysis)?[name] is { } node && node.GetValueKind() == JsonValueKind.Number
            ? node.GetValue<double>()
            : null;
}
