using System.CommandLine;
using LatentSync.Cli.Reporting;

namespace LatentSync.Cli.Commands.Models;

/// <summary><c>latentsync models pull</c>: downloads a model, or the rest of it.</summary>
internal sealed class ModelsPullCommand : ModelsSubcommand
{
    private readonly Argument<string> _name = NameArgument();

    public ModelsPullCommand()
        : base("pull", "Download a model from Hugging Face (HF_ENDPOINT, HF_TOKEN); a stopped download resumes where it was.") => Arguments.Add(_name);

    protected override async Task<int> RunAsync(ModelLibrary library, ParseResult parsed, bool json, CancellationToken cancellationToken)
    {
        var (model, changed) = await ModelProgressView.RunAsync(json, progress =>
            library.PullAsync(parsed.GetRequiredValue(_name), progress, cancellationToken)
        );
        ModelReport.WriteDone(
            "pulled",
            model,
            changed ? (FormattableString)$"{model.Name} is in {model.Folder}." : $"{model.Name} is complete already, in {model.Folder}.",
            json,
            changed
        );
        return 0;
    }
}
