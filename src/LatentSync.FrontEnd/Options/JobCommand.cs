using System.CommandLine;
using System.CommandLine.Parsing;
using LatentSync.FrontEnd.Words;

namespace LatentSync.FrontEnd.Options;

/// <summary>
/// The options of <c>latentsync sync</c> and what they say together: for the command itself, for files of jobs, and for
/// programs that name the options in a protocol.
/// </summary>
internal class JobCommand : Command
{
    private static readonly LipSyncFileOptions Defaults = new();

    private readonly PathOption _video = new("--video")
    {
        Description = "Video with the speaking face, or a picture: png, jpg, webp.",
        Required = true,
        HelpName = "file",
    };
    private readonly PathOption _audio = new("--audio")
    {
        Description = "Sound the lips follow: a sound file, or a video with sound.",
        Required = true,
        HelpName = "file",
    };
    private readonly PathOption _output = new("--out")
    {
        Description = "Result: .mp4, .mov or .mkv.",
        Required = true,
        HelpName = "file",
    };
    private readonly Option<string?> _models = CommonOptions.Models();
    private readonly SyncOptionSet _set = new(Defaults);
    private readonly LengthOptionSet _lengths = new();
    private readonly Option<int?> _resolution = new("--resolution")
    {
        Description = "Pixels of the aligned face (256 for 1.5, 512 for 1.6), where the model files do not tell.",
        CustomParser = result => Numbers.ParseWhole<int>(result),
    };
    private readonly PathOption _insightFace = new("--insightface")
    {
        Description = "Folder with det_10g.onnx and 2d106det.onnx, to find faces as the public code does; their licence is non-commercial.",
        HelpName = "folder",
    };
    private readonly DeviceOptionSet _devices = new();
    private readonly FaceOption _face = new()
    {
        Description =
            "Whose mouth: largest, all, left:N (N-th from the left), point:X,Y[@FRAME] (nearest to a point; frames count from 0) "
            + "or like:PICTURE (who looks like the face of a picture).",
        HelpName = "choice",
        DefaultValueFactory = _ => Defaults.Faces.Face,
        CustomParser = ParseFace,
    };
    private readonly Option<int> _bridge = new("--bridge-frames")
    {
        Description = "Paint through gaps in which the face is missing for up to N frames at 25 per second, 0 to 25.",
        DefaultValueFactory = _ => Defaults.Faces.BridgeFrames,
        CustomParser = Numbers.ParseWhole<int>,
    };
    private readonly Option<QuietMouth> _quietMouth = Choices.Option(
        "--quiet-mouth",
        "What the mouth does while nobody speaks: what the model makes of the sound, rest, or be the video's own.",
        Defaults.Sound.QuietMouth
    );
    private readonly Option<double> _quietAfter = new("--quiet-after")
    {
        Description = "Seconds without speech before --quiet-mouth counts, 0.5 to 60.",
        HelpName = "seconds",
        DefaultValueFactory = _ => Defaults.Sound.QuietAfter,
        CustomParser = Numbers.ParseDouble,
    };
    private readonly Option<PasteArea> _paste = Choices.Option(
        "--paste",
        "What of the painted face goes into the picture: what moves, in the colours of its surroundings, or all that was painted.",
        Defaults.Paste
    );
    private readonly Option<bool> _strict = new("--strict")
    {
        Description =
            "Fail at the first frame in which the chosen face is missing or turned away, instead of leaving it as it is; "
            + "and where an input is broken off or damaged.",
    };
    private readonly Option<bool> _restart = new("--restart")
    {
        Description = "Throw away what an unfinished job of the same result has kept, instead of continuing with it.",
    };
    private readonly Option<bool> _parity = new("--parity") { Description = "Reproduce the public Python implementation, its faults included." };

    /// <summary>Makes the options.</summary>
    /// <param name="isOfFiles">False for a job whose frames and sound are in memory, which has no options of files.</param>
    public JobCommand(bool isOfFiles = true)
        : this("sync", "Lip-sync a video to a sound.", isOfFiles) { }

    /// <summary>Makes the options of a command that goes by another name.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="description">What it does.</param>
    /// <param name="isOfFiles">As above.</param>
    /// <param name="hasResult">Whether the result has to be named.</param>
    protected JobCommand(string name, string description, bool isOfFiles = true, bool hasResult = true)
        : base(name, description)
    {
        _output.Required = hasResult;
        Option[] settings = [.. _set.Settings, _face, _bridge, _quietMouth, _quietAfter, _paste, _strict, .. _lengths.Settings];
        OptionsOfAnyMachine = [.. settings, .. _lengths.FileSettings, _parity];
        Option[] model = [.. _devices.Settings, _resolution, _insightFace, _parity];
        Option[] options = isOfFiles
            ? [_video, _audio, _output, _models, .. settings, .. _lengths.FileSettings, .. model, _restart, .. _set.Rest]
            : [.. settings, .. model];
        foreach (var option in options)
        {
            Options.Add(option);
        }

        // With the mistakes of parsing, so that all come at once.
        Validators.Add(result =>
        {
            foreach (var option in options.Where(option => option.Required && result.GetResult(option) is null))
            {
                result.AddError(CommandWords.Say($"Option '{option.Name}' is required."));
            }

            _devices.Check(result);
            foreach (var mistake in ReadRequest(result).Validate())
            {
                result.AddError(CommandWords.Say(mistake.Sentence));
            }
        });
    }

    /// <summary>The model's folder or name, if one was given.</summary>
    protected Option<string?> Models => _models;

    /// <summary>Output for programs.</summary>
    protected Option<bool> Json => _set.Json;

    /// <summary>The video.</summary>
    public PathOption Video => _video;

    /// <summary>The sound.</summary>
    public PathOption Audio => _audio;

    /// <summary>What can be said about a job wherever it runs: neither its files nor models, devices and memory.</summary>
    public IReadOnlyList<Option> OptionsOfAnyMachine { get; }

    /// <summary>What can be said about one job: all options but those about the output of the program.</summary>
    public IEnumerable<Option> OptionsOfOneJob => Options.Where(option => option.Name != CommonOptions.JsonName);

    /// <summary>What the engine is loaded with, in a folder of models.</summary>
    public LipSyncEngineOptions ReadEngine(ParseResult parsed, string modelFolder) =>
        _devices.Read(
            parsed,
            new LipSyncEngineOptions
            {
                ModelFolder = modelFolder,
                Resolution = parsed.GetValue(_resolution),
                InsightFaceFolder = parsed.GetValue(_insightFace),
            }
        );

    /// <summary>The job, as far as the options can be parsed.</summary>
    public LipSyncRequest ReadRequest(CommandResult result) =>
        new()
        {
            Video = SyncOptionSet.Value(result, _video, null) ?? string.Empty,
            Audio = SyncOptionSet.Value(result, _audio, null) ?? string.Empty,
            Output = SyncOptionSet.Value(result, _output, null) ?? string.Empty,
            Overwrite = _set.Overwrite(result),
            Restart = SyncOptionSet.Value(result, _restart, fallback: false),
            Options = _lengths.Read(result, _set.Read(result, _devices.Defaults(result, Defaults))) with
            {
                Faces = new FaceOptions
                {
                    Face = SyncOptionSet.Value(result, _face, Defaults.Faces.Face),
                    BridgeFrames = SyncOptionSet.Value(result, _bridge, Defaults.Faces.BridgeFrames),
                },
                Sound = new SoundOptions
                {
                    QuietMouth = SyncOptionSet.Value(result, _quietMouth, Defaults.Sound.QuietMouth),
                    QuietAfter = SyncOptionSet.Value(result, _quietAfter, Defaults.Sound.QuietAfter),
                },
                Paste = SyncOptionSet.Value(result, _paste, Defaults.Paste),
                Strict = SyncOptionSet.Value(result, _strict, fallback: false),
                Parity = SyncOptionSet.Value(result, _parity, fallback: false),
            },
        };

    private static FaceChoice ParseFace(ArgumentResult result)
    {
        try
        {
            return FaceChoice.Parse(result.Tokens[0].Value);
        }
        catch (LipSyncException error)
        {
            result.AddError(CommandWords.Say(error.Sentence));
            return FaceChoice.Largest;
        }
    }
}
