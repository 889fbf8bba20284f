using System.CommandLine;
using System.CommandLine.Parsing;
using LatentSync.Cli.Speech;
using LatentSync.FrontEnd.Engines;
using LatentSync.FrontEnd.Options;
using LatentSync.FrontEnd.Words;

namespace LatentSync.Cli.Commands;

/// <summary><c>latentsync demo</c>: what <c>sync</c> does, with the model and the samples that come with the program.</summary>
internal sealed class DemoCommand : Command
{
    private const string DefaultOutput = "demo.mp4";

    // Photographs of telephones have four times as many pixels to a side as the face in them needs here.
    private const int LargestPhoto = 1280;

    /// <summary>How the sample is synced unless the user says otherwise: what the model card measured.</summary>
    private static readonly LipSyncFileOptions Defaults = new()
    {
        Sampling = new()
        {
            Sampler = Sampler.DpmPlusPlus2M,
            InferenceSteps = 6,
            CacheInterval = 2,
        },
    };

    private readonly Option<string> _output = new("--out")
    {
        Description = "Result: .mp4, .mov or .mkv.",
        HelpName = "file",
        DefaultValueFactory = _ => DefaultOutput,
    };
    private readonly PathOption _photo = new("--photo")
    {
        Description = "A picture of a face that speaks instead of the sample: png, jpg, webp.",
        HelpName = "file",
    };
    private readonly Option<string?> _say = new("--say")
    {
        Description = "Text to speak instead of the sample voice, with espeak-ng or what the system has.",
        HelpName = "text",
    };
    private readonly Option<string?> _voice = new("--voice") { Description = "The synthesizer's name of a voice for --say.", HelpName = "name" };
    private readonly SyncOptionSet _set = new(Defaults);

    public DemoCommand()
        : base("demo", "Lip-sync the sample video to the sample voice with the built-in model.")
    {
        foreach (var option in (Option[])[_photo, _say, _voice, _output, .. _set.Settings, .. _set.Rest])
        {
            Options.Add(option);
        }

        Validators.Add(result =>
        {
            if (SyncOptionSet.Value(result, _say, null) is { } text && SpeechText.Mistake(text) is { } words)
            {
                result.AddError(words);
            }

            foreach (var mistake in ReadRequest(result).Validate())
            {
                result.AddError(CommandWords.Say(mistake.Sentence));
            }
        });
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (request, json) = (ReadRequest(parsed.CommandResult), parsed.GetValue(_set.Json));
        SampleFiles.Require();
        var engineOptions = new LipSyncEngineOptions { ModelFolder = ModelLocation.OfThisProcess().RequireBuiltIn() };
        using var speech = parsed.GetValue(_say) is { } text
            ? await SpeechFile.SpeakAsync(
                text,
                parsed.GetValue(_voice),
                Synthesizer.OfThisSystem,
                Environment.GetEnvironmentVariable("PATH"),
                cancellationToken
            )
            : null;
        try
        {
            await SyncJob.RunAsync(speech is null ? request : Speaking(request, speech), engineOptions, json, cancellationToken);
        }
        catch (LipSyncException error) when (error.Code == LipSyncErrorCode.NoFace)
        {
            throw new LipSyncException(
                LipSyncErrorCode.NoFace,
                $"No face was found in \"{request.Video}\"; take a picture in which one looks at the camera, at least 80 pixels high.",
                error
            )
            {
                Path = request.Video,
            };
        }

        if (!json)
        {
            Console.Out.WriteLine(
                CommandWords.Say($"Play \"{Path.GetFullPath(request.Output)}\"; then try your own: latentsync sync --video FILE --audio FILE --out result.mp4")
            );
        }

        return 0;
    }

    /// <summary>The sound goes away with this run, so that there is nothing to resume.</summary>
    private static LipSyncRequest Speaking(LipSyncRequest request, SpeechFile speech) => request with { Audio = speech.Path, Restart = true };

    private LipSyncRequest ReadRequest(CommandResult result)
    {
        var photo = SyncOptionSet.Value(result, _photo, null);
        var options = _set.Read(result);
        return new()
        {
            Video = photo ?? SampleFiles.Video,
            Audio = SampleFiles.Audio,
            Output = SyncOptionSet.Value(result, _output, DefaultOutput),
            Overwrite = _set.Overwrite(result),

            // A picture without a face would come back as it is, which nobody wants of a demonstration.
            Options = photo is null ? options : options with { Strict = true, LargestPicture = LargestPhoto },
        };
    }
}
