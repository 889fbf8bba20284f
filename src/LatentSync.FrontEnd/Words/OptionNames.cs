using System.Text.RegularExpressions;

namespace LatentSync.FrontEnd.Words;

/// <summary>What properties of the library's options are called by users: the one place that knows.</summary>
internal static partial class OptionNames
{
    private const string Prefix = "--";

    // All others are the property in lower case, its words divided by dashes.
    private static readonly Dictionary<string, string> Others = new(StringComparer.Ordinal)
    {
        ["FrameRate"] = "fps",
        ["InsightFaceFolder"] = "insightface",
        ["MixLevel"] = "mix",
        ["ModelFolder"] = "models",
        ["Output"] = "out",
        ["PixelFormat"] = "pix-fmt",
        ["VramBudget"] = "vram",
    };

    /// <summary>Such as <c>--inference-steps</c>.</summary>
    public static string Flag(string property) =>
        Prefix + (Others.TryGetValue(property, out var name) ? name : WordStart().Replace(property, "-").ToLowerInvariant());

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WordStart();
}
