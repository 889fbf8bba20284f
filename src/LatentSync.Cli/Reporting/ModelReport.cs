using System.Globalization;
using System.Text.Json.Nodes;
using LatentSync.FrontEnd.Words;

namespace LatentSync.Cli.Reporting;

/// <summary>Models for people, as aligned text, and for programs, as JSON.</summary>
internal static class ModelReport
{
    private const double Megabyte = 1e6;
    private const int ShortestState = 12;
    private const int CheckColumns = 9;

    public static void WriteList(IReadOnlyList<ModelSummary> models, bool json)
    {
        if (json)
        {
            foreach (var model in models)
            {
                JsonLines.Write(Describe(model));
            }

            return;
        }

        var width = models.Max(model => model.Name.Length);
        var states = models.Select(model => CommandWords.Say(State(model))).ToList();
        var stateWidth = Math.Max(ShortestState, states.Max(Columns.Of));
        foreach (var (model, state) in models.Zip(states))
        {
            var size = model.Length > 0 ? Size(model.Length) : string.Empty;
            Console.Out.WriteLine(
                $"{model.Name.PadRight(width)}  {Columns.Pad(state, stateWidth)}  {size, 10}  {model.Folder ?? CommandWords.Say(model.Origin)}"
            );
        }
    }

    public static void Write(ModelSummary model, bool json)
    {
        if (json)
        {
            JsonLines.Write(Describe(model));
            return;
        }

        var rows = new List<(FormattableString Title, FormattableString Text)>
        {
            ($"name", $"{model.Name}"),
            (
                $"version",
                model.Version is { } version ? $"{version}"
                : model.State == ModelState.Shipped ? (FormattableString)$"none; it is a model of its own"
                : $"unknown"
            ),
            ($"state", State(model)),
            ($"folder", model.Folder is { } folder ? (FormattableString)$"{folder}" : $"none; get it with \"latentsync models pull {model.Name}\""),
            ($"source", model.Origin),
        };
        if (model.Added is { } added)
        {
            rows.Add(($"added", $"{added.UtcDateTime:yyyy-MM-dd HH:mm} UTC"));
        }

        rows.AddRange(model.Files.Select(file => ((FormattableString)$"file", (FormattableString)$"{file.Path}  {Size(file.Length)}  sha256 {file.Sha256}")));
        TextTable.Write(rows);
    }

    public static void WriteDone(string what, ModelSummary model, FormattableString sentence, bool json, bool changed)
    {
        if (json)
        {
            var line = Describe(model);
            line.Insert(0, "event", what);
            line["changed"] = changed;
            JsonLines.Write(line);
        }
        else
        {
            Console.Out.WriteLine(CommandWords.Say(sentence));
        }
    }

    /// <summary>One line a file.</summary>
    /// <param name="name">The model.</param>
    /// <param name="checks">Its files.</param>
    /// <param name="cure">What to do about a damaged one.</param>
    /// <param name="json">For a program.</param>
    public static void WriteChecks(string name, IReadOnlyList<ModelFileCheck> checks, FormattableString cure, bool json)
    {
        foreach (var check in checks)
        {
            if (json)
            {
                JsonLines.Write(
                    new JsonObject
                    {
                        ["event"] = "checked",
                        ["name"] = name,
                        ["path"] = check.Path,
                        ["ok"] = check.Problem is null,
                        ["problem"] = check.Problem,
                    }
                );
            }
            else if (check.Problem is null)
            {
                Console.Out.WriteLine($"{Columns.Pad(CommandWords.Say($"ok"), CheckColumns)}{check.Path}");
            }
            else
            {
                Console.Out.WriteLine(Columns.Pad(CommandWords.Say($"DAMAGED"), CheckColumns) + CommandWords.Say($"{check.Path}: {check.Sentence}; {cure}."));
            }
        }
    }

    private static JsonObject Describe(ModelSummary model) =>
        new()
        {
            ["name"] = model.Name,
            ["version"] = model.Version,
            ["state"] = model.State switch
            {
                ModelState.Ready => "ready",
                ModelState.Shipped => "shipped",
                ModelState.NotPulled => "not_pulled",
                ModelState.Incomplete => "incomplete",
                _ => throw new ArgumentOutOfRangeException(nameof(model)),
            },
            ["folder"] = model.Folder,
            ["source"] = model.Source,
            ["added"] = model.Added?.ToString("O", CultureInfo.InvariantCulture),
            ["bytes"] = model.Length,
            ["files"] = new JsonArray([
                .. model.Files.Select(file => new JsonObject
                {
                    ["path"] = file.Path,
                    ["bytes"] = file.Length,
                    ["sha256"] = file.Sha256,
                    ["source"] = file.Source,
                }),
            ]),
        };

    private static FormattableString State(ModelSummary model) =>
        model.State switch
        {
            ModelState.Ready => $"ready",
            ModelState.Shipped => $"built in",
            ModelState.NotPulled => $"not pulled",
            ModelState.Incomplete => $"incomplete",
            _ => throw new ArgumentOutOfRangeException(nameof(model)),
        };

    private static string Size(long bytes) => Invariant($"{bytes / Megabyte:0.0} MB");
}
