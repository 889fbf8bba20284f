using LatentSync.Server.Jobs;

namespace LatentSync.Server.Data;

/// <summary>A job: its request, where it is, and what came of it.</summary>
internal sealed class Job
{
    /// <summary><c>job_</c> and a UUID of version 7: later jobs sort after earlier ones.</summary>
    public required string Id { get; init; }

    /// <summary>Id of the key that submitted it.</summary>
    public required string Owner { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    public required JobState State { get; set; }

    /// <summary>Id of the upload with the video.</summary>
    public required string VideoId { get; init; }

    /// <summary>Id of the upload with the sound.</summary>
    public required string AudioId { get; init; }

    /// <summary>A JSON object: options by their names on the command line.</summary>
    public required string Options { get; init; }

    /// <summary>What the submitter wants to read back: a JSON object of texts.</summary>
    public string? Metadata { get; init; }

    /// <summary>Which interface it came in by: <c>v1</c>, <c>sync.so</c>, <c>replicate</c>, <c>openai</c>.</summary>
    public required string Dialect { get; init; }

    /// <summary>Ends with the analysis: nothing is generated.</summary>
    public bool IsAnalysis { get; init; }

    /// <summary>Extension of the result with its point.</summary>
    public required string Container { get; init; }

    public string? WebhookUrl { get; init; }

    /// <summary>Counts retries: 1 at first. Work of an earlier attempt changes nothing any more.</summary>
    public int Attempt { get; set; } = 1;

    /// <summary>Its number among the jobs of its owner, from 1: the place in the owner's own line.</summary>
    public long Number { get; init; }

    /// <summary>The model: the one that the options name, else the one that was found at the analysis; null before that.</summary>
    public string? Model { get; set; }

    /// <summary>Version of the programs that analysed it, which make the rest of it too; null before the analysis.</summary>
    public string? Version { get; set; }

    /// <summary>Segments of the result; 0 before the analysis is done.</summary>
    public int Segments { get; set; }

    /// <summary>Segments that are made.</summary>
    public int SegmentsDone { get; set; }

    /// <summary>Frames of the result; 0 before the analysis is done.</summary>
    public int Frames { get; set; }

    /// <summary>What the analysis found, as the engine said it: JSON.</summary>
    public string? Analysis { get; set; }

    /// <summary>What the engine said of the result: JSON.</summary>
    public string? Result { get; set; }

    /// <summary>Bytes of the result.</summary>
    public long? ResultBytes { get; set; }

    /// <summary>SHA-256 of the result in lower-case hexadecimal.</summary>
    public string? ResultDigest { get; set; }

    /// <summary>How well the lips follow the sound: JSON; null until it is measured.</summary>
    public string? Score { get; set; }

    /// <summary>Such as <c>invalid_input</c>: see docs/errors.md.</summary>
    public string? ErrorKind { get; set; }

    /// <summary>One sentence.</summary>
    public string? ErrorMessage { get; set; }

    /// <summary>When result and inputs are deleted.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }
}
