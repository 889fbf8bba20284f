using System.Text.Json;

namespace LatentSync.Client;

/// <summary>A job of the server.</summary>
public sealed record ServerJob
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary><c>job</c> or <c>analysis</c>.</summary>
    public required string Kind { get; init; }

    /// <summary><c>uploading</c>, <c>queued</c>, <c>analysing</c>, <c>generating</c>, <c>joining</c>, <c>succeeded</c>,
    /// <c>failed</c> or <c>cancelled</c>.</summary>
    public required string State { get; init; }

    /// <summary>When it was submitted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When work at it began.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>When its files are deleted.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>1, and one more for each retry.</summary>
    public required int Attempt { get; init; }

    /// <summary>Id of the upload with the video.</summary>
    public required string Video { get; init; }

    /// <summary>Id of the upload with the sound.</summary>
    public required string Audio { get; init; }

    /// <summary>How it is done: options of <c>latentsync sync</c>.</summary>
    public required JsonElement Options { get; init; }

    /// <summary>What was submitted with it to be read back.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>Jobs before it in the queue; null if it does not wait.</summary>
    public int? Position { get; init; }

    /// <summary>How far its segments are.</summary>
    public required ServerJobSegments Segments { get; init; }

    /// <summary>What was found in the inputs; null before that.</summary>
    public JsonElement? Analysis { get; init; }

    /// <summary>The result, once it has succeeded.</summary>
    public ServerJobResult? Result { get; init; }

    /// <summary>How well the lips follow the sound, once it is measured.</summary>
    public JsonElement? Score { get; init; }

    /// <summary>Why it failed.</summary>
    public ServerJobError? Error { get; init; }

    /// <summary>Where more about it is.</summary>
    public required ServerJobLinks Links { get; init; }

    /// <summary>Whether nothing happens to it any more by itself.</summary>
    public bool HasEnded => State is "succeeded" or "failed" or "cancelled";
}
