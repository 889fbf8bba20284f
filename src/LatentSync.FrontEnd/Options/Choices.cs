using System.CommandLine;
using System.CommandLine.Parsing;
using LatentSync.FrontEnd.Words;

namespace LatentSync.FrontEnd.Options;

/// <summary>Values out of a short list, in small letters: those of an enumeration.</summary>
internal static class Choices
{
    /// <summary>An option with such a value.</summary>
    public static Option<T> Option<T>(string name, string description, T fallback)
        where T : struct, Enum => Option(name, description, fallback, Names<T>());

    /// <summary>An option with such a value under other names.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="fallback">Its value if the user does not say.</param>
    /// <param name="names">The values' names, in the order of the enumeration.</param>
    public static Option<T> Option<T>(string name, string description, T fallback, string[] names)
        where T : struct, Enum =>
        new(name)
        {
            Description = description,
            DefaultValueFactory = _ => fallback,
            HelpName = string.Join('|', names),
            CustomParser = result => Parse<T>(result, names),
        };

    /// <summary>An option with such a value or none.</summary>
    public static Option<T?> Optional<T>(string name, string description)
        where T : struct, Enum
    {
        var names = Names<T>();
        return new(name)
        {
            Description = description,
            HelpName = string.Join('|', names),
            CustomParser = result => Parse<T>(result, names),
        };
    }

    /// <summary>Reads a value; a number in its place is refused.</summary>
    private static T Parse<T>(ArgumentResult result, string[] names)
        where T : struct, Enum
    {
        var text = result.Tokens[0].Value;
        var index = Array.FindIndex(names, name => string.Equals(name, text, StringComparison.OrdinalIgnoreCase));
        if (index >= 0)
        {
            return Enum.GetValues<T>()[index];
        }

        var option = (result.Parent as OptionResult)?.Option.Name ?? result.Argument.Name;
        result.AddError(CommandWords.Say($"{option} is {text}; it must be {string.Join(", ", names.SkipLast(1))} or {names[^1]}."));
        return default;
    }

    private static string[] Names<T>()
        where T : struct, Enum => [.. Enum.GetNames<T>().Select(name => name.ToLowerInvariant())];
}
