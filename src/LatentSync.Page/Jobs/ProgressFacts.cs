using System.Text.Json.Nodes;

namespace LatentSync.Page.Jobs;

/// <summary>How far a piece of work is.</summary>
/// <param name="Stage">What the engine does, such as <c>diffusion</c>.</param>
/// <param name="Done">Frames, or steps.</param>
/// <param name="Total">All of them.</param>
/// <param name="Rate">Of them in a second; null if unknown.</param>
public sealed record ProgressFacts(string? Stage, double Done, double Total, double? Rate)
{
    /// <summary>The share of the piece that is done, 0 to 1.</summary>
    public double Share => Total > 0 ? Math.Clamp(Done / Total, 0, 1) : 0;

    /// <summary>Reads the server's event.</summary>
    internal static ProgressFacts? Of(JsonNode said) =>
        said["total"] is { } total ? new((string?)said["stage"], (double?)said["done"] ?? 0, (double)total, (double?)said["rate"]) : null;
}
