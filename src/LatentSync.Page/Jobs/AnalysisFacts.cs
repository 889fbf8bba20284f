using System.Text.Json.Nodes;

namespace LatentSync.Page.Jobs;

/// <summary>What an analysis found, as the page shows it. What an engine leaves out is 0 or empty.</summary>
public sealed record AnalysisFacts
{
    // A mouth is about here in the box of a face.
    private const double MouthHeight = 0.78;

    public required int Width { get; init; }

    public required int Height { get; init; }

    public required int Frames { get; init; }

    public required int SyncedFrames { get; init; }

    public required double Seconds { get; init; }

    public required double VideoSeconds { get; init; }

    public required double AudioSeconds { get; init; }

    public required IReadOnlyList<GapFacts> Gaps { get; init; }

    /// <summary>Parts of the sound without speech.</summary>
    public required IReadOnlyList<GapFacts> Pauses { get; init; }

    public required IReadOnlyList<FaceFacts> Faces { get; init; }

    public required IReadOnlyList<MouthFacts> Mouths { get; init; }

    /// <summary>Seconds that generating will take; null where nothing like it was done before.</summary>
    public required double? ForecastSeconds { get; init; }

    /// <summary>Bytes of a card that it will take; null where that is not known.</summary>
    public required long? ForecastBytes { get; init; }

    /// <summary>Reads what the engine said.</summary>
    public static AnalysisFacts Of(string json)
    {
        var said = (JsonObject)JsonNode.Parse(json)!;
        var (width, height, frames) = (Whole(said["width"]), Whole(said["height"]), Whole(said["frames"]));
        var seconds = Number(said["seconds"]);
        return new AnalysisFacts
        {
            Width = width,
            Height = height,
            Frames = frames,
            SyncedFrames = said["synced_frames"] is { } synced ? Whole(synced) : frames,
            Seconds = seconds,
            VideoSeconds = said["video_seconds"] is { } video ? Number(video) : seconds,
            AudioSeconds = said["audio_seconds"] is { } audio ? Number(audio) : seconds,
            Gaps = [.. Objects(said["face_gaps"]).Select(Gap)],
            Pauses = [.. Objects(said["pauses"]).Select(Gap)],
            Faces = [.. Objects(said["face_pictures"]).Select(Face)],
            Mouths = [.. Objects(said["faces"]).SelectMany(seen => Mouth(seen, width, height, frames > 0 ? seconds / frames : 0))],
            ForecastSeconds = (double?)said["forecast"]?["seconds"],
            ForecastBytes = (long?)said["forecast"]?["device_bytes"],
        };
    }

    private static GapFacts Gap(JsonObject gap) => new(Number(gap["start"]), Number(gap["end"]), Whole(gap["frames"]), (string?)gap["reason"] ?? string.Empty);

    private static FaceFacts Face(JsonObject picture)
    {
        var (left, top, right, bottom) = Box(picture);
        return new(Whole(picture["picture"]), Whole(picture["frame"]), (left + right) / 2, (top + bottom) / 2, (bool?)picture["chosen"] ?? false);
    }

    private static IEnumerable<MouthFacts> Mouth(JsonObject seen, int width, int height, double secondsPerFrame)
    {
        if (width == 0 || height == 0 || Objects(seen["faces"]).FirstOrDefault(face => (bool?)face["chosen"] ?? false) is not { } face)
        {
            yield break;
        }

        var (left, top, right, bottom) = Box(face);
        yield return new(
            Whole(seen["frame"]) * secondsPerFrame,
            (left + right) / 2 / width,
            (top + ((bottom - top) * MouthHeight)) / height,
            (bottom - top) / height
        );
    }

    private static (double Left, double Top, double Right, double Bottom) Box(JsonObject face) =>
        face["box"] is JsonArray { Count: 4 } box ? (Number(box[0]), Number(box[1]), Number(box[2]), Number(box[3])) : default;

    private static IEnumerable<JsonObject> Objects(JsonNode? array) => array is JsonArray items ? items.OfType<JsonObject>() : [];

    private static double Number(JsonNode? value) => (double?)value ?? 0;

    private static int Whole(JsonNode? value) => (int?)value ?? 0;
}
