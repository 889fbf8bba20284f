using Spectre.Console;

namespace LatentSync.Cli.Reporting;

/// <summary>Texts by the columns that they take in a terminal: Chinese characters and their punctuation take two.</summary>
internal static class Columns
{
    private const string Opening = "“‘（《「[(<";
    private const string Closing = "”’）》」，。；：、？！])>";

    /// <summary>How many a text takes.</summary>
    public static int Of(string text) => text.GetCellWidth();

    /// <summary>Fills a text with spaces.</summary>
    public static string Pad(string text, int columns) => text + new string(' ', Math.Max(0, columns - Of(text)));

    /// <summary>
    /// Lines of at most so many columns. They break at spaces and, in Chinese, between any two characters, except before a mark
    /// that closes and after one that opens.
    /// </summary>
    public static IEnumerable<string> Wrap(string text, int room)
    {
        var line = string.Empty;
        foreach (var piece in Pieces(text))
        {
            if (line.Length > 0 && Of(line + piece.TrimEnd()) > room)
            {
                yield return line.TrimEnd();
                line = string.Empty;
            }

            line += piece;
            while (Of(line.TrimEnd()) > room && Cut(line, room) is { Length: > 0 } beginning)
            {
                yield return beginning;
                line = line[beginning.Length..];
            }
        }

        yield return line.TrimEnd();
    }

    /// <summary>A text in pieces that stay together; spaces belong to the piece before them.</summary>
    private static IEnumerable<string> Pieces(string text)
    {
        var start = 0;
        for (var i = 1; i < text.Length; i++)
        {
            var (before, after) = (text[i - 1], text[i]);
            var isBreak =
                before == ' ' ? after != ' ' : after != ' ' && (IsWide(before) || IsWide(after)) && !Opening.Contains(before) && !Closing.Contains(after);
            if (isBreak)
            {
                yield return text[start..i];
                start = i;
            }
        }

        yield return text[start..];
    }

    private static bool IsWide(char character) => character.GetCellWidth() > 1;

    /// <summary>The beginning of a text, as far as there is room.</summary>
    public static string Cut(string text, int room)
    {
        var taken = 0;
        var length = 0;
        while (length < text.Length && taken + text[length].GetCellWidth() <= room)
        {
            taken += text[length++].GetCellWidth();
        }

        return text[..length];
    }
}
