using System.CommandLine;
using LatentSync.Cli.Reporting;

namespace LatentSync.Cli.Commands.Models;

/// <summary><c>latentsync models list</c>: what is here and what can be had.</summary>
internal sealed class ModelsListCommand() : ModelsSubcommand("list", "List the models that are here and those that can be downloaded.")
{
    protected override Task<int> RunAsync(ModelLibrary library, ParseResult parsed, bool json, CancellationToken cancellationToken)
    {
        ModelReport.WriteList(library.List(), json);
        return Task.FromResult(0);
    }
}
