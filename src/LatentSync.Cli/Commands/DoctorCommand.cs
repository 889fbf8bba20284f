using System.CommandLine;
using System.Text.Json.Nodes;
using LatentSync.Cli.Reporting;
using LatentSync.FrontEnd.Engines;
using LatentSync.FrontEnd.Options;
using LatentSync.FrontEnd.Words;

namespace LatentSync.Cli.Commands;

/// <summary><c>latentsync doctor</c>: what is installed, what is missing, how to get it.</summary>
internal sealed class DoctorCommand : Command
{
    private const int StateColumns = 7;

    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<string?> _models = CommonOptions.Models();

    public DoctorCommand()
        : base("doctor", "Say what is installed, what is missing, and how to get it.")
    {
        Options.Add(_models);
        Options.Add(_json);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (choice, problem) = Choose(parsed.GetValue(_models));
        var findings = await Diagnosis.RunAsync(choice?.Folder, cancellationToken);
        foreach (var finding in findings.Select(finding => finding.Part == Diagnosis.Models ? Explain(finding, choice, problem) : finding))
        {
            if (parsed.GetValue(_json))
            {
                JsonLines.Write(
                    new JsonObject
                    {
                        ["part"] = finding.Part,
                        ["found"] = finding.Found,
                        ["required"] = finding.Required,
                        ["text"] = finding.Text,
                    }
                );
            }
            else
            {
                Console.Out.WriteLine($"{Columns.Pad(State(finding), StateColumns)} {CommandWords.Say($"{Title(finding.Part)}: {finding.Sentence}")}");
            }
        }

        return findings.Any(finding => finding is { Found: false, Required: true }) ? (int)LipSyncErrorCode.MissingDependency : 0;
    }

    private static string State(Finding finding) =>
        finding.Found ? CommandWords.Say($"ok")
        : finding.Required ? CommandWords.Say($"missing").ToUpperInvariant()
        : CommandWords.Say($"missing");

    /// <summary>A part in words; most are names.</summary>
    private static FormattableString Title(string part) =>
        part switch
        {
            "machine" => $"machine",
            "NVIDIA driver" => $"NVIDIA driver",
            "CUDA provider" => $"CUDA provider",
            "face models" => $"face models",
            Diagnosis.Models => $"models",
            _ => $"{part}",
        };

    /// <summary>What <c>sync</c> would take, or the sentence it would fail with.</summary>
    private static (ModelChoice? Choice, FormattableString? Problem) Choose(string? given)
    {
        try
        {
            return (ModelLocation.OfThisProcess().Choose(given), null);
        }
        catch (LipSyncException error)
        {
            return (null, error.Sentence);
        }
    }

    private static Finding Explain(Finding models, ModelChoice? choice, FormattableString? problem) =>
        models with
        {
            Sentence = choice is null ? problem! : $"{models.Sentence}; sync uses it because {choice.Reason}",
        };
}
