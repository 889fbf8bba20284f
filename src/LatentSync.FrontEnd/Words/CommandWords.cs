using System.Globalization;

namespace LatentSync.FrontEnd.Words;

/// <summary>Says sentences in the words of the command line, where options are flags, and in the language of the user.</summary>
internal sealed class CommandWords : IFormatProvider, ICustomFormatter
{
    private static readonly CommandWords Translated = new(Sentences.Of);
    private static readonly CommandWords Original = new(english => english);

    private readonly Func<string, string> _translate;

    private CommandWords(Func<string, string> translate) => _translate = translate;

    /// <summary>A sentence for people.</summary>
    public static string Say(FormattableString sentence) => Translated.Compose(sentence);

    /// <summary>The message of an error.</summary>
    public static string Say(LipSyncException error) => Say(error.Sentence);

    /// <summary>A sentence for programs, which have one language whoever starts them.</summary>
    public static string SayInEnglish(FormattableString sentence) => Original.Compose(sentence);

    /// <inheritdoc/>
    public object? GetFormat(Type? formatType) => formatType == typeof(ICustomFormatter) ? this : null;

    /// <inheritdoc/>
    public string Format(string? format, object? arg, IFormatProvider? formatProvider) =>
        arg switch
        {
            OptionReference { Value: { } value } option => $"{OptionNames.Flag(option.Property)} {value}",
            OptionReference option => OptionNames.Flag(option.Property),
            FormattableString part => Compose(part),
            IFormattable number => number.ToString(format, CultureInfo.InvariantCulture),
            _ => arg?.ToString() ?? string.Empty,
        };

    private string Compose(FormattableString sentence) => string.Format(this, _translate(sentence.Format), sentence.GetArguments());
}
