using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using LatentSync.FrontEnd.Words;

namespace LatentSync.FrontEnd.Options;

/// <summary>Numbers as they are written on a command line, whatever the system's language: 1.5, never 1,5.</summary>
internal static class Numbers
{
    /// <summary>Reads a finite number.</summary>
    public static bool TryParse(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    /// <summary>The value of an option.</summary>
    public static double ParseDouble(ArgumentResult result) =>
        TryParse(result.Tokens[0].Value, out var number) ? number : Refuse(result, $"a number such as 1.5", 0d);

    /// <summary>The value of an option that takes several amounts of memory, each an argument or divided by commas.</summary>
    /// <param name="result">The arguments.</param>
    /// <param name="mayBeZero">Whether none has a meaning.</param>
    public static double[] ParseGibibytes(ArgumentResult result, bool mayBeZero)
    {
        var amounts = new List<double>();
        foreach (var part in result.Tokens.SelectMany(token => token.Value.Split(',')))
        {
            if (!TryParse(part, out var amount) || amount < 0 || (amount == 0 && !mayBeZero))
            {
                return Refuse<double[]>(result, $"GiB, separated by commas, such as 6,8", []);
            }

            amounts.Add(amount);
        }

        return [.. amounts];
    }

    /// <summary>The value of an option that counts something.</summary>
    public static T ParseWhole<T>(ArgumentResult result)
        where T : IBinaryInteger<T>, IMinMaxValue<T> =>
        T.TryParse(result.Tokens[0].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : Refuse(result, T.IsZero(T.MinValue) ? (FormattableString)$"a whole number from 0 to {T.MaxValue}" : $"a whole number", T.Zero);

    private static T Refuse<T>(ArgumentResult result, FormattableString wanted, T fallback)
    {
        var option = (result.Parent as OptionResult)?.Option.Name ?? result.Argument.Name;
        result.AddError(CommandWords.Say($"{option} is {string.Join(' ', result.Tokens)}; it must be {wanted}."));
        return fallback;
    }
}
