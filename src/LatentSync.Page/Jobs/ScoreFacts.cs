using System.Text.Json.Nodes;

namespace LatentSync.Page.Jobs;

/// <summary>How well the lips follow the sound.</summary>
/// <param name="Correlation">Of mouth opening and loudness, -1 to 1.</param>
/// <param name="OffsetFrames">Frames at 25 per second by which the lips are late.</param>
/// <param name="ClosedInSilence">Share of silent frames with a closed mouth.</param>
public sealed record ScoreFacts(double? Correlation, int? OffsetFrames, double? ClosedInSilence)
{
    /// <summary>Reads what the engine said.</summary>
    public static ScoreFacts Of(string json)
    {
        var said = JsonNode.Parse(json)!;
        return new((double?)said["correlation"], (int?)said["offset_frames"], (double?)said["closed_in_silence"]);
    }
}
