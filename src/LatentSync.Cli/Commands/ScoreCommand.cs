using System.CommandLine;
using System.Text.Json.Nodes;
using LatentSync.Cli.Reporting;

namespace LatentSync.Cli.Commands;

/// <summary><c>latentsync score</c>: how well the lips of a video follow a sound.</summary>
internal sealed class ScoreCommand : Command
{
    private readonly Argument<string> _video = new("video") { Description = "Video with a speaking face." };
    private readonly Option<string?> _audio = new("--audio") { Description = "Sound to measure against (default: the video's own).", HelpName = "file" };
    private readonly Option<string?> _plot = new("--plot") { Description = "Draw mouth opening and loudness over time into this SVG file.", HelpName = "file" };
    private readonly Option<bool> _json = CommonOptions.Json();

    public ScoreCommand()
        : base("score", "Measure how well the lips of a video follow a sound.")
    {
        Arguments.Add(_video);
        Options.Add(_audio);
        Options.Add(_plot);
        Options.Add(_json);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var video = parsed.GetRequiredValue(_video);
        var score = await LipSyncMeter.MeasureAsync(video, parsed.GetValue(_audio), progress: null, cancellationToken);
        if (parsed.GetValue(_plot) is { } plot)
        {
            ScorePlot.Write(plot, score, Path.GetFileName(video));
        }

        if (parsed.GetValue(_json))
        {
            JsonLines.Write(ToJson(score));
        }
        else
        {
            Console.Out.WriteLine(Invariant($"frames             {score.Frames}, {score.FramesWithFace} with a face"));
            Console.Out.WriteLine($"lips late by       {(score.OffsetFrames is { } offset ? Invariant($"{offset} frames ({40 * offset} ms)") : "unknown")}");
            Console.Out.WriteLine($"correlation        {Number(score.Correlation)} at that offset, {Number(score.CorrelationAtZero)} at 0");
            Console.Out.WriteLine($"confidence         {Number(score.Confidence)}");
            Console.Out.WriteLine($"closed in silence  {(score.ClosedInSilence is { } closed ? Invariant($"{100 * closed:0} % of the frames") : "no silence")}");
        }

        return 0;
    }

    private static string Number(double? value) => value is { } number ? Invariant($"{number:0.00}") : "unknown";

    private static JsonObject ToJson(LipSyncScore score) => new()
    {
        ["frames"] = score.Frames,
        ["frames_with_face"] = score.FramesWithFace,
        ["offset_frames"] = score.OffsetFrames,
        ["correlation"] = score.Correlation,
        ["correlation_at_zero"] = score.CorrelationAtZero,
        ["confidence"] = score.Confidence,
        ["closed_in_silence"] = score.ClosedInSilence,
        ["opening"] = new JsonArray([.. score.Opening.Select(value => double.IsNaN(value) ? null : (JsonNode)Math.Round(value, 4))]),
        ["loudness"] = new JsonArray([.. score.Loudness.Select(value => (JsonNode)Math.Round(value, 4))]),
    };
}
