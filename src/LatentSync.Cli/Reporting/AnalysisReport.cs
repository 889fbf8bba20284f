using LatentSync.FrontEnd.Events;
using LatentSync.FrontEnd.Words;

namespace LatentSync.Cli.Reporting;

/// <summary>What a look at a video told.</summary>
internal static class AnalysisReport
{
    private const int MostLines = 12;

    public static void Write(LipSyncAnalysis analysis, bool json)
    {
        if (json)
        {
            JsonLines.Write(AnalysisEvents.Result(analysis));
            return;
        }

        var (video, sound, result) = (analysis.VideoDuration.TotalSeconds, analysis.SoundDuration.TotalSeconds, analysis.Duration.TotalSeconds);
        var rows = new List<(FormattableString Title, FormattableString Text)>
        {
            ($"verdict", Verdict(analysis)),
            ($"video", $"{analysis.Width}x{analysis.Height}, {video:0.0} s of it are shown ({analysis.VideoFrames} frames)"),
            ($"sound", $"{sound:0.0} s"),
            ($"result", $"{result:0.0} s ({analysis.Frames} frames)"),
            ($"usable face", $"{Usable(analysis)} of {analysis.Frames} frames ({Percent(analysis):0} %), {analysis.BridgedFrames} of them bridged"),
            ($"scene cuts", $"{analysis.SceneCuts}"),
        };
        AddAll(rows, $"faces", [.. analysis.Faces.Select(Faces)]);
        AddAll(rows, $"no usable face", [.. analysis.FaceGaps.Select(Gap)]);
        AddAll(
            rows,
            $"nobody speaks",
            [.. analysis.Pauses.Select(pause => (FormattableString)$"{pause.Start.TotalSeconds:0.0} to {pause.End.TotalSeconds:0.0} s")]
        );
        TextTable.Write(rows);
    }

    private static int Usable(LipSyncAnalysis analysis) => analysis.Frames - analysis.FramesWithoutFace - analysis.FramesTurnedAway;

    private static double Percent(LipSyncAnalysis analysis) => 100.0 * Usable(analysis) / analysis.Frames;

    private static FormattableString Verdict(LipSyncAnalysis analysis) =>
        Usable(analysis) == 0 ? (FormattableString)$"no frame has a usable face; only the sound would be new"
        : analysis.SyncedFrames == 0 ? (FormattableString)$"nobody speaks in the sound, so no mouth would be painted"
        : Usable(analysis) == analysis.Frames ? (FormattableString)$"every frame has a usable face"
        : $"frames without a usable face stay as they are";

    private static FormattableString Faces(LipSyncFaces found)
    {
        var chosen = found.Faces.Where(face => face.IsChosen).Select(face => Invariant($"{face.Left:0},{face.Top:0}-{face.Right:0},{face.Bottom:0}")).ToList();
        return chosen.Count == 0
            ? (FormattableString)$"frame {found.Frame}: {found.Faces.Count} seen, none chosen"
            : (FormattableString)$"frame {found.Frame}: {found.Faces.Count} seen, chosen {string.Join(CommandWords.Say($", "), chosen)}";
    }

    private static FormattableString Gap(LipSyncFaceGap gap) =>
        $"{gap.Start.TotalSeconds:0.0} to {gap.End.TotalSeconds:0.0} s of the video ({gap.Frames} frames): {Reason(gap.Reason)}";

    private static FormattableString Reason(LipSyncGapReason reason) =>
        reason switch
        {
            LipSyncGapReason.Missing => $"not there",
            LipSyncGapReason.TurnedAway => $"turned away",
            LipSyncGapReason.TooSmall => $"smaller than 50 pixels in width and 80 in height",
            _ => throw new ArgumentOutOfRangeException(nameof(reason)),
        };

    /// <summary>One row for each, the title only before the first.</summary>
    private static void AddAll(List<(FormattableString Title, FormattableString Text)> rows, FormattableString title, IReadOnlyList<FormattableString> texts)
    {
        foreach (var (i, text) in texts.Take(MostLines).Index())
        {
            rows.Add((i == 0 ? title : $"", text));
        }

        if (texts.Count > MostLines)
        {
            rows.Add(($"", $"and {texts.Count - MostLines} more"));
        }
    }
}
