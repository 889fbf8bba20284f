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

    /// <summary>Seconds of the whole video, of which a short sound needs a part only; 0 for a picture.</summary>
    public required double SourceSeconds { get; init; }

    public required double AudioSeconds { get; init; }

    public required IReadOnlyList<GapFacts> Gaps { get; init; }

    /// <summary>Parts of the sound without speech.</summary>
    public required IReadOnlyList<GapFacts> Pauses { get; init; }

    /// <summary>Parts of the sound in which somebody speaks; empty where the engine does not tell.</summary>
    public IReadOnlyList<(double Start, double End)> Speech
    {
        get
        {
            if (Pauses.Count == 0)
            {
                return [];
            }

            var speech = new List<(double, double)>();
            var end = 0.0;
            foreach (var pause in Pauses.Append(new GapFacts(AudioSeconds, AudioSeconds, 0, string.Empty)))
            {
                if (pause.Start > end)
                {
                    speech.Add((end, pause.Start));
                }

                end = pause.End;
            }

            return speech;
        }
    }

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
            SourceSeconds = said.ContainsKey("source_seconds") ? Number(said["source_seconds"]) : Number(said["video_seconds"]),
            AudioSeconds = said["audio_seconds"] is { } audio ? Number(audio) : seconds,
            Gaps = [.. Objects(said["face_gaps"]).Select(Gap)],
            Pauses = [.. Objects(said["pauses"]).Select(Gap)],
            Faces = [.. Objects(said["face_pictures"]).Select(picture => Face(picture, frames > 0 ? seconds / frames : 0))],
            Mouths = [.. Objects(said["faces"]).SelectMany(seen => Mouth(seen, width, height, frames > 0 ? seconds / frames : 0))],
            ForecastSeconds = (double?)said["forecast"]?["seconds"],
            ForecastBytes = (long?)said["forecast"]?["device_bytes"],
        };
    }

    private static GapFacts Gap(JsonObject gap) => new(Number(gap["start"]), Number(gap["end"]), Whole(gap["frames"]), (string?)gap["reason"] ?? string.Empty);

    private static FaceFacts Face(JsonObject picture, double secondsPerFrame) =>
        new(Whole(picture["picture"]), Whole(picture["frame"]), Whole(picture["frame"]) * secondsPerFrame, Box(picture), (bool?)picture["chosen"] ?? false);

    private static IEnumerable<MouthFacts> Mouth(JsonObject seen, int width, int height, double secondsPerFrame)
    {
        if (width == 0 || height == 0 || Objects(seen["faces"]).FirstOrDefault(face => (bool?)face["chosen"] ?? false) is not { } face)
        {
            yield break;
        }

        var box = Box(face);
        yield return new(Whole(seen["frame"]) * secondsPerFrame, box.MiddleX / width, (box.Top + (box.Height * MouthHeight)) / height, box.Height / height);
    }

    private static BoxFacts Box(JsonObject face) =>
        face["box"] is JsonArray { Count: 4 } box ? new(Number(box[0]), Number(box[1]), Number(box[2]), Number(box[3])) : default;

    private static IEnumerable<JsonObject> Objects(JsonNode? array) => array is JsonArray items ? items.OfType<JsonObject>() : [];

    private static double Number(JsonNode? value) => (double?)value ?? 0;

    private static int Whole(JsonNode? value) => (int?)value ?? 0;
}
