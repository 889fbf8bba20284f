using System.CommandLine;

namespace LatentSync.Cli.Commands.Models;

/// <summary><c>latentsync models</c>: the models on this machine, by name.</summary>
internal sealed class ModelsCommand : Command
{
    public ModelsCommand()
        : base("models", "Download, list, check, import and remove models.")
    {
        Subcommands.Add(new ModelsListCommand());
        Subcommands.Add(new ModelsShowCommand());
        Subcommands.Add(new ModelsPullCommand());
        Subcommands.Add(new ModelsVerifyCommand());
        Subcommands.Add(new ModelsImportCommand());
        Subcommands.Add(new ModelsRemoveCommand());
    }
}
