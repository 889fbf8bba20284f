using System.CommandLine;
using System.CommandLine.Parsing;

namespace LatentSync.FrontEnd.Options;

/// <summary>
/// Options of <c>sync</c> that are given by name in a file of jobs or by another program: names, ranges, defaults and
/// errors are those of the command line, since the values are parsed as if they had been written there.
/// </summary>
internal sealed class NamedOptions(JobCommand command)
{
    private const string Prefix = "--";

    private readonly Dictionary<string, Option> _options = command.OptionsOfOneJob.ToDictionary(NameOf, StringComparer.Ordinal);

    /// <summary>The command whose options these are.</summary>
    public JobCommand Command => command;

    /// <summary>The names, with dashes between words.</summary>
    public IReadOnlyCollection<string> Names => _options.Keys;

    /// <summary>The name of an option, without its dashes in front.</summary>
    public static string NameOf(Option option) => option.Name[Prefix.Length..];

    /// <summary>The same name on every surface: words may be divided by dashes or underscores.</summary>
    public static string Name(string given) => given.Trim().Replace('_', '-').ToLowerInvariant();

    /// <summary>Whether there is such an option.</summary>
    public bool Has(string name) => _options.ContainsKey(name);

    /// <summary>A value whose path, if it names one that is relative, begins in a folder.</summary>
    public string Absolute(string name, string value, string folder) =>
        _options[name] is IPathOption option && option.PathStart(value) is { } start && start < value.Length && !value.Contains('\0', StringComparison.Ordinal)
            ? value[..start] + Path.GetFullPath(value[start..], folder)
            : value;

    /// <summary>Parses values by <see cref="Names"/>; the result has all mistakes.</summary>
    public ParseResult Parse(IEnumerable<KeyValuePair<string, string>> values) =>
        CommandLineParser.Parse(command, [.. values.Select(value => $"{Prefix}{value.Key}={value.Value}")], ParserSettings.Default);
}
