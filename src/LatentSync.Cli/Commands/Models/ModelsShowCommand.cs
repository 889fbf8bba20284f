using System.CommandLine;
using LatentSync.Cli.Reporting;

namespace LatentSync.Cli.Commands.Models;

/// <summary><c>latentsync models show</c>: where a model lies and what it consists of.</summary>
internal sealed class ModelsShowCommand : ModelsSubcommand
{
    private readonly Argument<string> _name = NameArgument();

    public ModelsShowCommand()
        : base("show", "Say where a model lies and what it consists of.") => Arguments.Add(_name);

    protected override Task<int> RunAsync(ModelLibrary library, ParseResult parsed, bool json, CancellationToken cancellationToken)
    {
        ModelReport.Write(library.Show(parsed.GetRequiredValue(_name)), json);
        return Task.FromResult(0);
    }
}
