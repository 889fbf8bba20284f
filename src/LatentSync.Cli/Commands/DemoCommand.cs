using System.CommandLine;
using System.CommandLine.Parsing;
using LatentSync.FrontEnd.Engines;
using LatentSync.FrontEnd.Options;
using LatentSync.FrontEnd.Words;

namespace LatentSync.Cli.Commands;

/// <summary><c>latentsync demo</c>: what <c>sync</c> does, with the model and the samples that come with the program.</summary>
internal sealed class DemoCommand : Command
{
    private const string DefaultOutput = "demo.mp4";

    /// <summary>How the sample is synced unless the user says otherwise.</summary>
    private static readonly LipSyncFileOptions Defaults = new() { Sampling = new() { InferenceSteps = 10 } };

    private readonly Option<string> _output = new("--out")
    {
        Description = "Result: .mp4, .mov or .mkv.",
        HelpName = "file",
        DefaultValueFactory = _ => DefaultOutput,
    };
    private readonly SyncOptionSet _set = new(Defaults);

    public DemoCommand()
        : base("demo", "Lip-sync the sample video to the sample voice with the built-in model.")
    {
        foreach (var option in (Option[])[_output, .. _set.Settings, .. _set.Rest])
        {
            Options.Add(option);
        }

        Validators.Add(result =>
        {
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
        await SyncJob.RunAsync(request, engineOptions, json, cancellationToken);
        if (!json)
        {
            Console.Out.WriteLine(
                CommandWords.Say($"Play \"{Path.GetFullPath(request.Output)}\"; then try your own: latentsync sync --video FILE --audio FILE --out result.mp4")
            );
        }

        return 0;
    }

    private LipSyncRequest ReadRequest(CommandResult result) =>
        new()
        {
            Video = SampleFiles.Video,
            Audio = SampleFiles.Audio,
            Output = SyncOptionSet.Value(result, _output, DefaultOutput),
            Overwrite = _set.Overwrite(result),
            Options = _set.Read(result),
        };
}
