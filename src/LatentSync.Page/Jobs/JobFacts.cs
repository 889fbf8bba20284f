using System.Globalization;
using System.Text.Json.Nodes;
using LatentSync.Page.Words;
using LatentSync.Server.Data;
using LatentSync.Server.Jobs;

namespace LatentSync.Page.Jobs;

/// <summary>A job as the page shows it.</summary>
public sealed record JobFacts
{
    public required string Id { get; init; }

    public required string VideoId { get; init; }

    public required string AudioId { get; init; }

    /// <summary>What its owner calls the file.</summary>
    public required string VideoName { get; init; }

    /// <summary>What its owner calls the file.</summary>
    public required string AudioName { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset? StartedAt { get; init; }

    public required DateTimeOffset? FinishedAt { get; init; }

    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Jobs before it; null if it does not wait.</summary>
    public int? Position { get; init; }

    public required int Segments { get; init; }

    public required int SegmentsDone { get; init; }

    /// <summary>By their names with underscores.</summary>
    public required IReadOnlyDictionary<string, string> Options { get; init; }

    public required AnalysisFacts? Analysis { get; init; }

    public required ScoreFacts? Score { get; init; }

    /// <summary>One sentence; null if it has not failed.</summary>
    public required string? Error { get; init; }

    public required long? ResultBytes { get; init; }

    /// <summary>Whether there is a small picture of it.</summary>
    public required bool HasPicture { get; init; }

    internal JobState State { get; init; }

    internal bool IsAnalysis { get; init; }

    /// <summary>Address of the job's page.</summary>
    public string Path => "/jobs/" + Id;

    /// <summary>Address in the interface for programs.</summary>
    public string Api => "/v1/jobs/" + Id;

    /// <summary>The value of an option that is a number; 0 if it is not given.</summary>
    public double Number(string option) =>
        double.TryParse(Options.GetValueOrDefault(option), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : 0;

    internal static JobFacts Of(Job job, IReadOnlyDictionary<string, string> names, bool hasPicture, int? position) =>
        new()
        {
            Id = job.Id,
            VideoId = job.VideoId,
            AudioId = job.AudioId,
            VideoName = names.GetValueOrDefault(job.VideoId, job.VideoId),
            AudioName = names.GetValueOrDefault(job.AudioId, job.AudioId),
            CreatedAt = job.CreatedAt,
            StartedAt = job.StartedAt,
            FinishedAt = job.FinishedAt,
            ExpiresAt = job.ExpiresAt,
            Position = position,
            Segments = job.Segments,
            SegmentsDone = job.SegmentsDone,
            Options = ((JsonObject)JsonNode.Parse(job.Options)!).ToDictionary(entry => entry.Key, entry => entry.Value!.ToString(), StringComparer.Ordinal),
            Analysis = job.Analysis is { } analysis ? AnalysisFacts.Of(analysis) : null,
            Score = job.Score is { } score ? ScoreFacts.Of(score) : null,
            Error = job.ErrorKind is { } kind ? ErrorWords.Of(kind, job.ErrorMessage ?? string.Empty) : null,
            ResultBytes = job.ResultBytes,
            HasPicture = hasPicture,
            State = job.State,
            IsAnalysis = job.IsAnalysis,
        };
}
