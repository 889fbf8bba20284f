using System.CommandLine;
using LatentSync.FrontEnd.Options;

namespace LatentSync.Cli.Commands.Models;

/// <summary>What the commands under <c>latentsync models</c> have in common: the store's folder and <c>--json</c>.</summary>
internal abstract class ModelsSubcommand : Command
{
    private readonly Option<string?> _store = new("--store")
    {
        Description = "Folder of the store (default: models in LATENTSYNC_HOME, else in your data folder).",
        HelpName = "folder",
    };

    private readonly Option<bool> _json = CommonOptions.Json();

    protected ModelsSubcommand(string name, string description)
        : base(name, description)
    {
        Options.Add(_store);
        Options.Add(_json);
        SetAction((parsed, cancellationToken) => RunAsync(new ModelLibrary(parsed.GetValue(_store)), parsed, parsed.GetValue(_json), cancellationToken));
    }

    protected static Argument<string> NameArgument() => new("name") { Description = "Name of the model; see \"latentsync models list\"." };

    protected abstract Task<int> RunAsync(ModelLibrary library, ParseResult parsed, bool json, CancellationToken cancellationToken);
}
