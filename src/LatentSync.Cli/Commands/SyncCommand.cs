using System.CommandLine;
using System.CommandLine.Parsing;
using LatentSync.Cli.Reporting;

namespace LatentSync.Cli.Commands;

/// <summary><c>latentsync sync</c>: a video and a sound in, the lip-synced video out.</summary>
internal sealed class SyncCommand : Command
{
    private static readonly LipSyncOptions Defaults = new();

    private readonly Option<string> _video = new("--video") { Description = "Video with the speaking face, or a picture: png, jpg, webp.", Required = true, HelpName = "file" };
    private readonly Option<string> _audio = new("--audio") { Description = "Sound the lips shall follow: a sound file, or a video with sound.", Required = true, HelpName = "file" };
    private readonly Option<string> _output = new("--out") { Description = "Result: .mp4, .mov or .mkv.", Required = true, HelpName = "file" };
    private readonly Option<string?> _models = CommonOptions.Models();
    private readonly SyncOptionSet _set = new(Defaults);
    private readonly LengthOptionSet _lengths = new();
    private readonly Option<int?> _resolution = new("--resolution") { Description = "Pixels of the aligned face (256 for 1.5, 512 for 1.6), where the model files do not tell.", CustomParser = result => Numbers.ParseWhole<int>(result) };
    private readonly Option<string?> _insightFace = new("--insightface") { Description = "Folder with det_10g.onnx and 2d106det.onnx, to find faces as the public code does; their licence is non-commercial.", HelpName = "folder" };
    private readonly Option<LipSyncDevice> _device = new("--device") { Description = "auto (an NVIDIA card if everything for it is there), cpu or cuda:N.", HelpName = "device", DefaultValueFactory = _ => LipSyncDevice.Auto, CustomParser = ParseDevice };
    private readonly VramOption _vram = new();
    private readonly Option<bool> _float32 = new("--float32") { Description = "Compute in float32 on a card, instead of float16." };
    private readonly Option<FaceChoice> _face = new("--face") { Description = "Whose mouth: largest, left:N (N-th from the left) or point:X,Y[@FRAME] (nearest to a point; frames count from 0).", HelpName = "choice", DefaultValueFactory = _ => Defaults.Face, CustomParser = ParseFace };
    private readonly Option<int> _bridge = new("--bridge-frames") { Description = "Paint through gaps in which the face is missing for up to N frames at 25 per second, 0 to 25.", DefaultValueFactory = _ => Defaults.BridgeFrames, CustomParser = Numbers.ParseWhole<int> };
    private readonly Option<bool> _strict = new("--strict") { Description = "Fail at the first frame in which the chosen face is missing or turned away, instead of leaving it as it is." };
    private readonly Option<bool> _parity = new("--parity") { Description = "Reproduce the public Python implementation, its faults included." };

    public SyncCommand()
        : base("sync", "Lip-sync a video to a sound.")
    {
        Option[] options = [_video, _audio, _output, _models, .. _set.Settings, _face, _bridge, _strict, .. _lengths.Settings, _device, _vram, _float32, _resolution, _insightFace, _parity, .. _set.Rest];
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

            // What is not part of the request is parsed only when it is asked for.
            _ = SyncOptionSet.Value(result, _device, LipSyncDevice.Auto);
            if (_vram.Mistake(result) is { } wrong)
            {
                result.AddError(wrong);
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
        var json = parsed.GetValue(_set.Json);
        var choice = ModelLocation.OfThisProcess().Choose(parsed.GetValue(_models));
        if (choice.Notice is { } notice)
        {
            NoticeReport.Write(notice, json);
        }

        var engineOptions = new LipSyncEngineOptions
        {
            ModelFolder = choice.Folder,
            Resolution = parsed.GetValue(_resolution),
            InsightFaceFolder = parsed.GetValue(_insightFace),
            Device = parsed.GetRequiredValue(_device),
            VramBudget = _vram.Budget(parsed.CommandResult),
            UsesFloat32 = parsed.GetValue(_float32),
            Notice = sentence => NoticeReport.Write(sentence, json),
        };
        return SyncJob.RunAsync(ReadRequest(parsed.CommandResult), engineOptions, json, cancellationToken);
    }

    private LipSyncRequest ReadRequest(CommandResult result) => new()
    {
        Video = SyncOptionSet.Value(result, _video, string.Empty),
        Audio = SyncOptionSet.Value(result, _audio, string.Empty),
        Output = SyncOptionSet.Value(result, _output, string.Empty),
        Overwrite = _set.Overwrite(result),
        Options = _lengths.Read(result, _set.Read(result, _vram.Defaults(result, Defaults))) with
        {
            Face = SyncOptionSet.Value(result, _face, Defaults.Face),
            BridgeFrames = SyncOptionSet.Value(result, _bridge, Defaults.BridgeFrames),
            Strict = SyncOptionSet.Value(result, _strict, fallback: false),
            Parity = SyncOptionSet.Value(result, _parity, fallback: false),
        },
    };

    private static LipSyncDevice ParseDevice(ArgumentResult result)
    {
        if (LipSyncDevice.TryParse(result.Tokens[0].Value, out var device))
        {
            return device;
        }

        result.AddError($"--device is {result.Tokens[0].Value}; it must be auto, cpu or cuda:N (such as cuda:0).");
        return LipSyncDevice.Auto;
    }

    private static FaceChoice ParseFace(ArgumentResult result)
    {
        try
        {
            return FaceChoice.Parse(result.Tokens[0].Value);
        }
        catch (LipSyncException error)
        {
            result.AddError(error.Message);
            return FaceChoice.Largest;
        }
    }
}
