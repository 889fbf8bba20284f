using System.Text.Json.Nodes;

namespace LatentSync.Page.Jobs;

/// <summary>How well the lips follow the sound.</summary>
/// <param name="Correlation">Of mouth opening and loudness, -1 to 1.</param>
/// <param name="OffsetFrames">Frames at 25 per second by which the lips are late.</param>
/// <param name="ClosedInSilence">Share of silent frames with a closed mouth.</param>
public sealed record ScoreFacts(double? Correlation, int? OffsetFrames, double? ClosedInSilence)
{
    /// <summary>Seconds from one point of the curves to the next.</summary>
    public double SecondsPerPoint { get; private init; }

    /// <summary>How far the mouth is open at each point; null without a face.</summary>
    public IReadOnlyList<double?> Opening { get; private init; } = [];

    /// <summary>How loud the sound is at each point, 0 to 1.</summary>
    public IReadOnlyList<double?> Loudness { get; private init; } = [];

    /// <summary>Reads what the engine said.</summary>
    public static ScoreFacts Of(string json)
    {
        var said = JsonNode.Parse(json)!;
        return new((double?)said["correlation"], (int?)said["offset_frames"], (double?)said["closed_in_silence"])
        {
            SecondsPerPoint = (double?)said["seconds_per_point"] ?? 0,
            Opening = Curve(said["opening"]),
            Loudness = Curve(said["loudness"]),
        };
    }

    private static List<double?> Curve(JsonNode? values) => values is JsonArray array ? [.. array.Select(value => (double?)value)] : [];
}
