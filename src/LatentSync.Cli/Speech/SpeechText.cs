using LatentSync.FrontEnd.Words;

namespace LatentSync.Cli.Speech;

/// <summary>What may be given to a synthesizer.</summary>
internal static class SpeechText
{
    /// <summary>The longest text; it takes a minute or more to say.</summary>
    public const int MostCharacters = 1000;

    /// <summary>What is wrong with a text, in one sentence; null for nothing.</summary>
    public static string? Mistake(string text) =>
        !text.Any(char.IsLetterOrDigit) ? CommandWords.Say($"--say has no words; give the text to speak.")
        : text.Length > MostCharacters ? CommandWords.Say($"--say has {text.Length} characters; the most are {MostCharacters}.")
        : null;

    /// <summary>Whether a text is in Chinese characters.</summary>
    public static bool IsChinese(string text) => text.Any(letter => letter is >= '\u4E00' and <= '\u9FFF');
}
