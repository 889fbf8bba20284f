using System.CommandLine;
using System.CommandLine.Parsing;

namespace LatentSync.Cli.Commands;

/// <summary><c>latentsync sync</c>: a video and a sound in, the lip-synced video out.</summary>
internal sealed class SyncCommand : Command
{
    private static readonly LipSyncOptions Defaults = new();

    private readonly Option<string> _video = new("--video") { Description = "Video with the speaking face.", Required = true, HelpName = "file" };
    private readonly Option<string> _audio = new("--audio") { Description = "Sound the lips shall follow: a sound file, or a video with sound.", Required = true, HelpName = "file" };
    private readonly Option<string> _output = new("--out") { Description = "Result: .mp4, .mov or .mkv.", Required = true, HelpName = "file" };
    private readonly Option<string?> _models = CommonOptions.Models();
    private readonly Option<int> _numFrames = new("--num-frames") { Description = "Frames per clip, 4 to 32 in steps of 4.", DefaultValueFactory = _ => Defaults.NumFrames, CustomParser = Numbers.ParseWhole<int> };
    private readonly Option<int> _cacheInterval = new("--cache-interval") { Description = "DeepCache: a full step every N steps, 1 (off) to 10.", DefaultValueFactory = _ => Defaults.CacheInterval, CustomParser = Numbers.ParseWhole<int> };
    private readonly Option<int> _steps = new("--inference-steps") { Description = "Denoising steps, 1 to 999: preview 10, balanced 20, best 40.", DefaultValueFactory = _ => Defaults.InferenceSteps, CustomParser = Numbers.ParseWhole<int> };
    private readonly Option<double> _expression = new("--lips-expression") { Description = "Guidance scale, 1.0 (off, half the work) to 3.0.", DefaultValueFactory = _ => Defaults.LipsExpression, CustomParser = Numbers.ParseDouble };
    private readonly Option<ulong> _seed = new("--seed") { Description = "Seed of the noise.", DefaultValueFactory = _ => Defaults.Seed, CustomParser = Numbers.ParseWhole<ulong> };
    private readonly Option<int?> _resolution = new("--resolution") { Description = "Pixels of the aligned face (256 for 1.5, 512 for 1.6), where the model files do not tell.", CustomParser = result => Numbers.ParseWhole<int>(result) };
    private readonly Option<string?> _insightFace = new("--insightface") { Description = "Folder with det_10g.onnx and 2d106det.onnx, to find faces as the public code does; their licence is non-commercial.", HelpName = "folder" };
    private readonly Option<bool> _parity = new("--parity") { Description = "Reproduce the public Python implementation, its faults included." };
    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Replace the result if it exists." };
    private readonly Option<bool> _json = CommonOptions.Json();

    public SyncCommand()
        : base("sync", "Lip-sync a video to a sound.")
    {
        Option[] options =
        [
            _video, _audio, _output, _models, _numFrames, _cacheInterval, _steps, _expression, _seed, _resolution, _insightFace, _parity, _overwrite, _json,
        ];
        foreach (var option in options)
        {
            Options.Add(option);
        }

        // With the mistakes of parsing, so that all come at once.
        Validators.Add(result =>
        {
            foreach (var option in options.Where(option => option.Required && result.GetResult(option) is null))
            {
                result.AddError($"Option '{option.Name}' is required.");
            }

            foreach (var mistake in ReadRequest(result).Validate())
            {
                result.AddError(mistake);
            }
        });
        SetAction(RunAsync);
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var json = parsed.GetValue(_json);
        var engineOptions = new LipSyncEngineOptions
        {
            ModelFolder = ModelLocation.Find(parsed.GetValue(_models), json ? _ => { } : Console.Error.WriteLine),
            Resolution = parsed.GetValue(_resolution),
            InsightFaceFolder = parsed.GetValue(_insightFace),
        };
        return SyncJob.RunAsync(ReadRequest(parsed.CommandResult), engineOptions, json, cancellationToken);
    }

    private LipSyncRequest ReadRequest(CommandResult result)
    {
        return new LipSyncRequest
        {
            Video = Value(_video, string.Empty),
            Audio = Value(_audio, string.Empty),
            Output = Value(_output, string.Empty),
            Overwrite = Value(_overwrite, fallback: false),
            Options = new LipSyncOptions
            {
                NumFrames = Value(_numFrames, Defaults.NumFrames),
                CacheInterval = Value(_cacheInterval, Defaults.CacheInterval),
                InferenceSteps = Value(_steps, Defaults.InferenceSteps),
                LipsExpression = Value(_expression, Defaults.LipsExpression),
                Seed = Value(_seed, Defaults.Seed),
                Parity = Value(_parity, fallback: false),
            },
        };

        // A value that cannot be parsed is reported by the parser; its fallback lets the rest be checked.
        T Value<T>(Option<T> option, T fallback)
        {
            try
            {
                return result.GetResult(option) is null ? fallback : result.GetValue(option) ?? fallback;
            }
            catch (InvalidOperationException)
            {
                return fallback;
            }
        }
    }
}
