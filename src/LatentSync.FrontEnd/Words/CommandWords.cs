using System.Globalization;

namespace LatentSync.FrontEnd.Words;

/// <summary>Says the library's sentences in the words of the command line: options are flags.</summary>
internal sealed class CommandWords : IFormatProvider, ICustomFormatter
{
    private static readonly CommandWords Instance = new();

    private CommandWords() { }

    /// <summary>A sentence for people.</summary>
    public static string Say(FormattableString sentence) => sentence.ToString(Instance);

    /// <summary>The message of an error.</summary>
    public static string Say(LipSyncException error) => Say(error.Sentence);

    /// <inheritdoc/>
    public object? GetFormat(Type? formatType) => formatType == typeof(ICustomFormatter) ? this : null;

    /// <inheritdoc/>
    public string Format(string? format, object? arg, IFormatProvider? formatProvider) =>
        arg switch
        {
            OptionReference { Value: { } value } option => $"{OptionNames.Flag(option.Property)} {value}",
            OptionReference option => OptionNames.Flag(option.Property),
            FormattableString part => part.ToString(this),
            IFormattable number => number.ToString(format, CultureInfo.InvariantCulture),
            _ => arg?.ToString() ?? string.Empty,
        };
}
