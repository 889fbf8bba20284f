using System.Text.Json.Serialization;

namespace LatentSync.Client;

/// <summary>What a job is to do.</summary>
public sealed record ServerJobRequest
{
    /// <summary>Id of the upload with the video, or an https address where the server allows them.</summary>
    public required string Video { get; init; }

    /// <summary>Id of the upload with the sound, or an https address where the server allows them.</summary>
    public required string Audio { get; init; }

    /// <summary>Options of <c>latentsync sync</c> by their names with underscores, and <c>model</c>.</summary>
    public IReadOnlyDictionary<string, string>? Options { get; init; }

    /// <summary>Read back with the job; at most 4 KiB.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>Called when the job ends.</summary>
    public string? Webhook { get; init; }

    /// <summary><c>mp4</c>, <c>mov</c> or <c>mkv</c>.</summary>
    public string? Container { get; init; }

    /// <summary>Two requests with the same key are one job; null for a new one.</summary>
    [JsonIgnore]
    public string? IdempotencyKey { get; init; }
}
