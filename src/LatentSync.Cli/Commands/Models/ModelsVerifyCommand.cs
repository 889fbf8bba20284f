using System.CommandLine;
using LatentSync.Cli.Reporting;
using LatentSync.FrontEnd.Words;

namespace LatentSync.Cli.Commands.Models;

/// <summary><c>latentsync models verify</c>: compares the files with the recorded digests.</summary>
internal sealed class ModelsVerifyCommand : ModelsSubcommand
{
    private readonly Argument<string?> _name = new("name")
    {
        Description = "Name of the model; all on this machine if none is given.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public ModelsVerifyCommand()
        : base("verify", "Compare the files of a model, or of all, with what was recorded.") => Arguments.Add(_name);

    protected override async Task<int> RunAsync(ModelLibrary library, ParseResult parsed, bool json, CancellationToken cancellationToken)
    {
        string[] names = parsed.GetValue(_name) is { } given
            ? [given]
            : [.. library.List().Where(model => model.State is not ModelState.NotPulled).Select(model => model.Name)];
        var isWhole = true;
        foreach (var name in names)
        {
            var checks = await ModelProgressView.RunAsync(json, progress => library.VerifyAsync(name, progress, cancellationToken));
            var isShipped = library.Shipped is { } shipped && library.Show(name).Folder == shipped.Folder;
            ModelReport.WriteChecks(
                name,
                checks,
                isShipped ? (FormattableString)$"build or install the program again" : $"delete it, then pull or import {name} again",
                json
            );
            isWhole &= checks.All(check => check.Problem is null);
        }

        if (names.Length == 0 && !json)
        {
            Console.Out.WriteLine(CommandWords.Say($"There is no model in {library.Folder}."));
        }

        return isWhole ? 0 : (int)LipSyncErrorCode.InvalidModel;
    }
}
