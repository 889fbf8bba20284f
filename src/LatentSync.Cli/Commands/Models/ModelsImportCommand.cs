using System.CommandLine;
using LatentSync.Cli.Reporting;
using LatentSync.FrontEnd.Words;

namespace LatentSync.Cli.Commands.Models;

/// <summary><c>latentsync models import</c>: takes a folder of models that is here already into the store.</summary>
internal sealed class ModelsImportCommand : ModelsSubcommand
{
    private readonly Argument<string> _folder = new("folder") { Description = "Model folder, as \"latentsync sync --models\" takes it." };
    private readonly Option<string?> _name = new("--name")
    {
        Description = "Name in the store (default: that of the published model it is, else of the folder).",
        HelpName = "name",
    };
    private readonly Option<bool> _link = new("--link") { Description = "Link the files, which takes no space; an error on another volume." };
    private readonly Option<bool> _copy = new("--copy") { Description = "Copy the files (default: link, else copy)." };

    public ModelsImportCommand()
        : base("import", "Take a model folder into the store.")
    {
        Arguments.Add(_folder);
        Options.Add(_name);
        Options.Add(_link);
        Options.Add(_copy);
        Validators.Add(result =>
        {
            if (result.GetValue(_link) && result.GetValue(_copy))
            {
                result.AddError(CommandWords.Say($"--link and --copy contradict each other; pass one of them."));
            }
        });
    }

    protected override async Task<int> RunAsync(ModelLibrary library, ParseResult parsed, bool json, CancellationToken cancellationToken)
    {
        var mode =
            parsed.GetValue(_link) ? ModelImportMode.Link
            : parsed.GetValue(_copy) ? ModelImportMode.Copy
            : ModelImportMode.LinkOrCopy;
        var model = await ModelProgressView.RunAsync(json, progress =>
            library.ImportAsync(parsed.GetRequiredValue(_folder), parsed.GetValue(_name), mode, progress, cancellationToken)
        );
        ModelReport.WriteDone("imported", model, $"{model.Name} is in {model.Folder}.", json, changed: true);
        return 0;
    }
}
