using System.Text.Json;
using System.Text.Json.Nodes;

namespace LatentSync.FrontEnd.Events;

/// <summary>What other programs are told of a video that was looked at, as JSON: the same on the command line and in the worker's protocol.</summary>
internal static class AnalysisEvents
{
    // Enough that no frame of 120 a second is mistaken for its neighbour.
    private const int TimeDigits = 6;
    private const int ElapsedDigits = 2;

    // So that the message of a video of ten hours stays below a megabyte.
    private const int MostGaps = 1000;
    private const int MostPlaces = 200;

    /// <summary>The event.</summary>
    public static JsonObject Result(LipSyncAnalysis analysis) =>
        new()
        {
            ["event"] = "result",
            ["frames"] = analysis.Frames,
            ["seconds"] = Seconds(analysis.Duration),
            ["width"] = analysis.Width,
            ["height"] = analysis.Height,
            ["segments"] = Array(analysis.Segments, segment => new JsonObject
            {
                ["first"] = segment.First,
                ["frames"] = segment.Frames,
                ["start"] = Seconds(segment.Start),
                ["end"] = Seconds(segment.End),
                ["synced_frames"] = segment.SyncedFrames,
            }),
            ["synced_frames"] = analysis.SyncedFrames,
            ["bridged_frames"] = analysis.BridgedFrames,
            ["frames_without_face"] = analysis.FramesWithoutFace,
            ["frames_turned_away"] = analysis.FramesTurnedAway,
            ["quiet_frames"] = analysis.QuietFrames,
            ["scene_cuts"] = analysis.SceneCuts,
            ["video_frames"] = analysis.VideoFrames,
            ["video_seconds"] = Seconds(analysis.VideoDuration),
            ["source_seconds"] = analysis.SourceDuration is { } source ? Seconds(source) : null,
            ["audio_seconds"] = Seconds(analysis.SoundDuration),
            ["pauses"] = Array(analysis.Pauses, pause => new JsonObject { ["start"] = Seconds(pause.Start), ["end"] = Seconds(pause.End) }),
            ["face_gaps"] = Array(analysis.FaceGaps.Take(MostGaps), gap => new JsonObject
            {
                ["start"] = Seconds(gap.Start),
                ["end"] = Seconds(gap.End),
                ["frames"] = gap.Frames,
                ["reason"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(gap.Reason.ToString()),
            }),
            ["faces"] = Array(analysis.Faces.Take(MostPlaces), found => new JsonObject { ["frame"] = found.Frame, ["faces"] = Faces(found) }),
            ["face_pictures"] = Array(analysis.FacePictures, picture => new JsonObject
            {
                ["frame"] = picture.Frame,
                ["box"] = Box(picture.Face),
                ["chosen"] = picture.Face.IsChosen,
                ["width"] = picture.Width,
                ["height"] = picture.Height,
                ["rgb"] = Convert.ToBase64String(picture.Pixels.Span),
            }),
            ["elapsed_seconds"] = Math.Round(analysis.Elapsed.TotalSeconds, ElapsedDigits),
        };

    /// <summary>The faces of a frame, in its pixels.</summary>
    public static JsonArray Faces(LipSyncFaces found) => Array(found.Faces, face => new JsonObject { ["box"] = Box(face), ["chosen"] = face.IsChosen });

    private static JsonArray Array<T>(IEnumerable<T> values, Func<T, JsonNode> describe) => new([.. values.Select(describe)]);

    private static JsonArray Box(LipSyncFace face) => new(Pixel(face.Left), Pixel(face.Top), Pixel(face.Right), Pixel(face.Bottom));

    private static double Pixel(double value) => Math.Round(value, 1);

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, TimeDigits);
}
