using System.CommandLine;
using System.Text.Json.Nodes;
using LatentSync.Cli.Reporting;
using LatentSync.FrontEnd.Words;

namespace LatentSync.Cli.Commands.Models;

/// <summary><c>latentsync models remove</c>: deletes a model of the store, without asking.</summary>
internal sealed class ModelsRemoveCommand : ModelsSubcommand
{
    private readonly Argument<string> _name = NameArgument();

    public ModelsRemoveCommand()
        : base("remove", "Delete a model of the store, or what a stopped download left of it.") => Arguments.Add(_name);

    protected override Task<int> RunAsync(ModelLibrary library, ParseResult parsed, bool json, CancellationToken cancellationToken)
    {
        var name = parsed.GetRequiredValue(_name);
        var isGone = library.Remove(name);
        if (json)
        {
            JsonLines.Write(
                new JsonObject
                {
                    ["event"] = "removed",
                    ["name"] = name,
                    ["folder_removed"] = isGone,
                }
            );
        }
        else
        {
            var folder = Path.Combine(library.Folder, name);
            Console.Out.WriteLine(
                CommandWords.Say(
                    isGone ? $"{name} is removed." : (FormattableString)$"{name} is removed; files that the store did not put there were left in {folder}."
                )
            );
        }

        return Task.FromResult(0);
    }
}
