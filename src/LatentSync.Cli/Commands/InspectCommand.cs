using System.CommandLine;
using System.Text.Json.Nodes;
using LatentSync.Cli.Reporting;
using LatentSync.FrontEnd.Engines;
using LatentSync.FrontEnd.Options;

namespace LatentSync.Cli.Commands;

/// <summary><c>latentsync inspect</c>: what a checkpoint, a model folder, a video or a sound is.</summary>
internal sealed class InspectCommand : Command
{
    private readonly Argument<string> _path = new("path") { Description = "A checkpoint, a model folder or the name of a model, a video or a sound." };
    private readonly Option<bool> _json = CommonOptions.Json();

    public InspectCommand()
        : base("inspect", "Say what a checkpoint, a model folder, a video or a sound is.")
    {
        Arguments.Add(_path);
        Options.Add(_json);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var facts = await Inspection.OfAsync(ModelLocation.OfThisProcess().Resolve(parsed.GetRequiredValue(_path)), cancellationToken);
        if (parsed.GetValue(_json))
        {
            var line = new JsonObject();
            foreach (var fact in facts)
            {
                line[fact.Name.Replace(' ', '_')] = fact.Value;
            }

            JsonLines.Write(line);
            return 0;
        }

        TextTable.Write([.. facts.Select(fact => (fact.Title, fact.Sentence))]);

        return 0;
    }
}
