using System.Text.Json.Nodes;

namespace LatentSync.Server.Jobs;

/// <summary>What a client asks for, checked as far as it can be without the files.</summary>
internal sealed record JobSubmission
{
    /// <summary>Id of the key that asks.</summary>
    public required string Owner { get; init; }

    /// <summary>Id of an upload, or an https address.</summary>
    public required string Video { get; init; }

    /// <summary>Id of an upload, or an https address.</summary>
    public required string Audio { get; init; }

    /// <summary>Options by their names on the command line.</summary>
    public JsonObject Options { get; init; } = [];

    /// <summary>What the client wants to read back.</summary>
    public JsonObject? Metadata { get; init; }

    public string? WebhookUrl { get; init; }

    /// <summary>Extension of the result with its point.</summary>
    public string Container { get; init; } = ".mp4";

    public string Dialect { get; init; } = "v1";

    /// <summary>Only the faces are found; nothing is generated.</summary>
    public bool IsAnalysis { get; init; }

    /// <summary>The client's <c>Idempotency-Key</c>; null for none.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>SHA-256 of what the client sent.</summary>
    public byte[] BodyDigest { get; init; } = [];
}
