using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace LatentSync.Cli.Commands;

/// <summary>Numbers as they are written on a command line, whatever the system's language: 1.5, never 1,5.</summary>
internal static class Numbers
{
    public static double ParseDouble(ArgumentResult result) => Parse<double>(result, NumberStyles.Float, "a number such as 1.5");

    public static T ParseWhole<T>(ArgumentResult result)
        where T : IBinaryInteger<T>, IMinMaxValue<T> =>
        Parse<T>(result, NumberStyles.AllowLeadingSign, T.IsZero(T.MinValue) ? Invariant($"a whole number from 0 to {T.MaxValue}") : "a whole number");

    private static T Parse<T>(ArgumentResult result, NumberStyles style, string wanted)
        where T : INumberBase<T>
    {
        var text = result.Tokens[0].Value;
        if (T.TryParse(text, style, CultureInfo.InvariantCulture, out var value))
        {
            return value;
        }

        var option = (result.Parent as OptionResult)?.Option.Name ?? result.Argument.Name;
        result.AddError($"{option} is {text}; it must be {wanted}.");
        return T.Zero;
    }
}
