using System.Text.RegularExpressions;

namespace LatentSync.Cli;

/// <summary>The mistakes that the parser itself finds, whose messages are plain English text, as templates that can be translated.</summary>
internal static partial class ParserSentence
{
    /// <summary>A message of System.CommandLine; any other text stays as it is.</summary>
    public static FormattableString Of(string message) =>
        Find(UnknownArgument(), message) is [var argument] ? $"Unrecognized command or argument '{argument}'."
        : Find(MissingOptionArgument(), message) is [var option] ? $"Required argument missing for option: '{option}'."
        : Find(MissingCommandArgument(), message) is [var name, var command] ? $"Required argument '{name}' missing for command: '{command}'."
        : Find(TooManyArguments(), message) is [var single, var count] ? $"Option '{single}' expects a single argument but {count} were provided."
        : Find(WrongValue(), message) is [var value, var of] ? $"{of} cannot be {value}."
        : message == "Required command was not provided." ? (FormattableString)$"Required command was not provided."
        : $"{message}";

    private static string[]? Find(Regex pattern, string message) =>
        pattern.Match(message) is { Success: true } match ? [.. match.Groups.Values.Skip(1).Select(group => group.Value)] : null;

    [GeneratedRegex("^Unrecognized command or argument '(.*)'\\.$", RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UnknownArgument();

    [GeneratedRegex("^Required argument missing for option: '(.*)'\\.$", RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MissingOptionArgument();

    [GeneratedRegex("^Required argument '(.*)' missing for command: '(.*)'\\.$", RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MissingCommandArgument();

    [GeneratedRegex("^Option '(.*)' expects a single argument but (.*) were provided\\.$", RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TooManyArguments();

    [GeneratedRegex("^Cannot parse argument '(.*)' for option '(.*)' as expected type '.*'\\.$", RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WrongValue();
}
