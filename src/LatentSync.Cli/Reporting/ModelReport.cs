using System.Globalization;
using System.Text.Json.Nodes;

namespace LatentSync.Cli.Reporting;

/// <summary>Models for people, as aligned text, and for programs, as JSON.</summary>
internal static class ModelReport
{
    private const double Megabyte = 1e6;

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
        foreach (var model in models)
        {
            var size = model.Length > 0 ? Size(model.Length) : string.Empty;
            Console.Out.WriteLine($"{model.Name.PadRight(width)}  {State(model), -12}  {size, 10}  {model.Folder ?? model.Source}");
        }
    }

    public static void Write(ModelSummary model, bool json)
    {
        if (json)
        {
            JsonLines.Write(Describe(model));
            return;
        }

        Console.Out.WriteLine($"name     {model.Name}");
        Console.Out.WriteLine($"version  {model.Version ?? (model.State == ModelState.Shipped ? "none; it is a model of its own" : "unknown")}");
        Console.Out.WriteLine($"state    {State(model)}");
        Console.Out.WriteLine($"folder   {model.Folder ?? "none; get it with \"latentsync models pull " + model.Name + "\""}");
        Console.Out.WriteLine($"source   {model.Source}");
        if (model.Added is { } added)
        {
            Console.Out.WriteLine($"added    {added.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC");
        }

        foreach (var file in model.Files)
        {
            Console.Out.WriteLine($"file     {file.Path}  {Size(file.Length)}  sha256 {file.Sha256}");
        }
    }

    public static void WriteDone(string what, ModelSummary model, string sentence, bool json, bool changed)
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
            Console.Out.WriteLine(sentence);
        }
    }

    /// <summary>One line a file.</summary>
    /// <param name="name">The model.</param>
    /// <param name="checks">Its files.</param>
    /// <param name="cure">What to do about a damaged one.</param>
    /// <param name="json">For a program.</param>
    public static void WriteChecks(string name, IReadOnlyList<ModelFileCheck> checks, string cure, bool json)
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
                Console.Out.WriteLine($"ok       {check.Path}");
            }
            else
            {
                Console.Out.WriteLine($"DAMAGED  {check.Path}: {check.Problem}; {cure}.");
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

    private static string State(ModelSummary model) =>
        model.State switch
        {
            ModelState.Ready => "ready",
            ModelState.Shipped => "built in",
            ModelState.NotPulled => "not pulled",
            ModelState.Incomplete => "incomplete",
            _ => throw new ArgumentOutOfRangeException(nameof(model)),
        };

    private static string Size(long bytes) => Invariant($"{bytes / Megabyte:0.0} MB");
}
