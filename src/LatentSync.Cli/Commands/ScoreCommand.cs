using System.CommandLine;
using LatentSync.Cli.Reporting;
using LatentSync.FrontEnd.Engines;
using LatentSync.FrontEnd.Options;
using LatentSync.FrontEnd.Words;

namespace LatentSync.Cli.Commands;

/// <summary><c>latentsync score</c>: how well the lips of a video follow a sound.</summary>
internal sealed class ScoreCommand : Command
{
    // Instead of a file; a file of this name can be given as ./off.
    private const string Off = "off";

    private static readonly LipSyncMeterOptions Defaults = new();

    private readonly Argument<string> _video = new("video") { Description = "Video with a speaking face." };
    private readonly Option<string?> _audio = new("--audio") { Description = "Sound to measure against (default: the video's own).", HelpName = "file" };
    private readonly Option<string?> _syncNet = new("--syncnet")
    {
        Description =
            "LatentSync's SyncNet, stable_syncnet.pt, to measure with as well; \"off\" for none (default: the one beside the models, if it is there).",
        HelpName = "file",
    };
    private readonly Option<int> _step = new("--syncnet-step")
    {
        Description = "A SyncNet window every N frames, 1 to 250; more is faster.",
        DefaultValueFactory = _ => Defaults.SyncNetStep,
        CustomParser = Numbers.ParseWhole<int>,
    };
    private readonly Option<string?> _models = CommonOptions.Models();
    private readonly Option<string?> _plot = new("--plot") { Description = "Draw the curves over time into this picture, .svg or .png.", HelpName = "file" };
    private readonly Option<bool> _json = CommonOptions.Json();

    public ScoreCommand()
        : base("score", "Measure how well the lips of a video follow a sound.")
    {
        Arguments.Add(_video);
        Options.Add(_audio);
        Options.Add(_syncNet);
        Options.Add(_step);
        Options.Add(_models);
        Options.Add(_plot);
        Options.Add(_json);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (video, json) = (parsed.GetRequiredValue(_video), parsed.GetValue(_json));
        if (parsed.GetValue(_plot) is { } wanted)
        {
            await LipSyncPlot.CheckAsync(wanted, cancellationToken);
        }

        var options = new LipSyncMeterOptions
        {
            Audio = parsed.GetValue(_audio),
            SyncNet = FindSyncNet(parsed.GetValue(_syncNet), parsed.GetValue(_models), json ? _ => { } : Console.Error.WriteLine),
            SyncNetStep = parsed.GetValue(_step),
        };
        var score = await LipSyncMeter.MeasureAsync(video, options, progress: null, cancellationToken);
        if (parsed.GetValue(_plot) is { } plot)
        {
            await LipSyncPlot.WriteAsync(plot, score, Path.GetFileName(video), cancellationToken);
        }

        if (json)
        {
            ScoreReport.WriteJson(score);
        }
        else
        {
            ScoreReport.WriteText(score);
        }

        return 0;
    }

    private static string? FindSyncNet(string? given, string? models, Action<string> notice)
    {
        if (given is not null)
        {
            return given == Off ? null : given;
        }

        var found = ModelLocation.OfThisProcess().ChooseOwn(models) is { Folder: var folder } ? LipSyncMeter.FindSyncNet(folder) : null;
        if (found is not null)
        {
            notice(CommandWords.Say($"Measuring with \"{found}\" as well; --syncnet off leaves it out."));
        }

        return found;
    }
}
