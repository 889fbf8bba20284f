using System.CommandLine;
using System.CommandLine.Parsing;
using LatentSync.FrontEnd.Words;

namespace LatentSync.FrontEnd.Options;

/// <summary>
/// <c>--vram</c>: a memory budget in GiB, or one of the presets that users of the Python nodes know, which also change clip
/// length, caching and steps where the user does not set them.
/// </summary>
internal sealed class VramOption : Option<string>
{
    /// <summary>What is free.</summary>
    public const string Auto = "auto";

    private static readonly Dictionary<string, (double? Gibibytes, int NumFrames, int CacheInterval, int Steps)> Presets = new(StringComparer.Ordinal)
    {
        ["low"] = (6, 8, 5, 15),
        ["medium"] = (12, 12, 3, 20),
        ["high"] = (null, 16, 3, 20),
    };

    /// <summary>Makes the option.</summary>
    public VramOption()
        : base("--vram")
    {
        Description =
            "Memory of the card to use, in GiB; auto (what is free), or a preset that also sets frames, cache and steps: "
            + "low (6 GiB, 8, 5, 15), medium (12 GiB, 12, 3, 20), high (16, 3, 20).";
        HelpName = "GiB";
        DefaultValueFactory = _ => Auto;
    }

    /// <summary>What is wrong with the given value; null if nothing is.</summary>
    public string? Mistake(CommandResult result) =>
        TryParse(Text(result), out _) ? null : CommandWords.Say($"{Name} is {Text(result)}; it must be auto, low, medium, high or a number of GiB such as 6.");

    /// <summary>GiB that the program may take; null for what is free.</summary>
    public double? Budget(CommandResult result) => TryParse(Text(result), out var gibibytes) ? gibibytes : null;

    /// <summary>Reads auto, a preset or a number.</summary>
    /// <param name="text">The value.</param>
    /// <param name="gibibytes">GiB that the program may take; null for what is free.</param>
    public static bool TryParse(string text, out double? gibibytes)
    {
        gibibytes =
            Presets.TryGetValue(text, out var preset) ? preset.Gibibytes
            : Numbers.TryParse(text, out var number) ? number
            : null;
        return text == Auto || Presets.ContainsKey(text) || gibibytes > 0;
    }

    /// <summary>The options' defaults, with those of a preset.</summary>
    public LipSyncFileOptions Defaults(CommandResult result, LipSyncFileOptions defaults) =>
        Presets.TryGetValue(Text(result), out var preset)
            ? defaults with
            {
                Sampling = defaults.Sampling with { NumFrames = preset.NumFrames, CacheInterval = preset.CacheInterval, InferenceSteps = preset.Steps },
            }
            : defaults;

    private string Text(CommandResult result) => SyncOptionSet.Value(result, this, Auto);
}
