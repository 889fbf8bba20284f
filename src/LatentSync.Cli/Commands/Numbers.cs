using System.CommandLine.Parsing;
using System.Globalization;

namespace LatentSync.Cli.Commands;

/// <summary>Numbers as they are written on a command line, whatever the system's language: 1.5, never 1,5.</summary>
internal static class Numbers
{
    public static double ParseDouble(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
        {
            return value;
        }

        result.AddError($"'{text}' is not a number; write it like 1.5.");
        return 0;
    }
}
