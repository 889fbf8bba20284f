using System.CommandLine.Parsing;

namespace LatentSync.Cli.Commands;

/// <summary>Values out of a short list, in small letters: those of an enumeration.</summary>
internal static class Choices
{
    /// <summary>The list, as it is written in the help.</summary>
    public static string List<T>()
        where T : struct, Enum => string.Join('|', Names<T>());

    /// <summary>Reads a value; a number in its place is refused.</summary>
    public static T Parse<T>(ArgumentResult result)
        where T : struct, Enum
    {
        var text = result.Tokens[0].Value;
        var names = Names<T>();
        var index = Array.FindIndex(names, name => string.Equals(name, text, StringComparison.OrdinalIgnoreCase));
        if (index >= 0)
        {
            return Enum.GetValues<T>()[index];
        }

        var option = (result.Parent as OptionResult)?.Option.Name ?? result.Argument.Name;
        result.AddError($"{option} is {text}; it must be {string.Join(", ", names.SkipLast(1))} or {names[^1]}.");
        return default;
    }

    private static string[] Names<T>()
        where T : struct, Enum => [.. Enum.GetNames<T>().Select(name => name.ToLowerInvariant())];
}
