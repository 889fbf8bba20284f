using System.Collections.Concurrent;
using System.CommandLine;
using System.Globalization;
using LatentSync.FrontEnd.Options;
using LatentSync.FrontEnd.Words;
using LatentSync.Page.Words;
using LatentSync.Server.Jobs;

namespace LatentSync.Page.Options;

/// <summary>The options of a job: those of the command line, with its sentences.</summary>
internal static class OptionList
{
    private const char ChoiceMark = '|';
    private const string Quality = "preset_quality";

    // Parsing and reading change nothing in it.
    private static readonly IReadOnlyList<Option> Known = [.. new JobCommand().OptionsOfAnyMachine.Where(IsAllowed)];

    // By language; every open page shows them.
    private static readonly ConcurrentDictionary<string, IReadOnlyList<OptionFacts>> Shown = new(StringComparer.Ordinal);

    /// <summary>All of them, in the order of the help and in the reader's language.</summary>
    public static IReadOnlyList<OptionFacts> All() => Shown.GetOrAdd(PageLanguage.Tag, _ => [.. Known.Select(Facts)]);

    /// <summary>One of them.</summary>
    public static OptionFacts Find(string name) => All().Single(option => option.Name == name);

    /// <summary>The faces of a video are shown as pictures instead of coordinates, lengths as drawings, and a preset as the values that it sets.</summary>
    public static bool IsShownApart(string name) => name is JobForm.Face or Quality or JobForm.Length or JobForm.Loop;

    /// <summary>What the command line calls a sampler.</summary>
    public static string NameOf(Sampler sampler) => Find("sampler").Choices[(int)sampler];

    /// <summary>What the command line calls a length.</summary>
    public static string NameOf(LipSyncLength length) => Find(JobForm.Length).Choices[(int)length];

    /// <summary>What the command line calls what a video does at its end.</summary>
    public static string NameOf(LipSyncLoop loop) => Find(JobForm.Loop).Choices[(int)loop];

    /// <summary>The value that the command line calls so; null for none.</summary>
    public static T? Value<T>(string name)
        where T : struct, Enum => Enum.TryParse<T>(name, ignoreCase: true, out var value) ? value : null;

    private static bool IsAllowed(Option option) => JobOptionsReader.Names.Contains(NameOf(option), StringComparer.Ordinal);

    private static string NameOf(Option option) => NamedOptions.NameOf(option).Replace('-', '_');

    private static OptionFacts Facts(Option option)
    {
        var isSwitch = option.ValueType == typeof(bool);
        string[] choices = option.ValueType.IsEnum && option.HelpName is { } help ? help.Split(ChoiceMark) : [];
        return new OptionFacts(NameOf(option), option.Name, Sentences.Of(option.Description ?? string.Empty), Default(option, choices), choices, isSwitch);
    }

    private static string Default(Option option, string[] choices) =>
        !option.HasDefaultValue ? string.Empty
        : option.GetDefaultValue() is not { } value ? string.Empty
        : choices.Length > 0 ? choices[Array.IndexOf(Enum.GetValues(option.ValueType), value)]
        : value is bool isOn ? (isOn ? "true" : "false")
        : value is IFormattable number ? number.ToString(null, CultureInfo.InvariantCulture)
        : value.ToString() ?? string.Empty;
}
