using System.Collections;
using System.Globalization;
using System.Text.RegularExpressions;

namespace LatentSync.FrontEnd.Words;

/// <summary>
/// The English template that a finished sentence was made from, found again: an engine composes its error in English and a database
/// keeps it, but who reads it may want another language.
/// </summary>
internal sealed partial class ComposedSentence
{
    // A template with fewer fixed characters fits too much by chance.
    private const int FewestFixed = 8;

    // Far beyond the longest sentence with paths in it; what is longer was not written for people.
    private const int Longest = 4000;

    // In no sentence.
    private const string Border = "\0";

    private static readonly Lazy<IReadOnlyList<ComposedSentence>> Known = new(() =>
        [
            .. Sentences
                .All()
                .Cast<DictionaryEntry>()
                .Select(entry => new ComposedSentence((string)entry.Key, (string)entry.Value!))
                .Where(known => known._fixed >= FewestFixed)
                .OrderByDescending(known => known._fixed),
        ]
    );

    private readonly string _translation;
    private readonly int _fixed;

    // What stands before, between and after the holes, and the holes' numbers.
    private readonly string[] _texts;
    private readonly int[] _holes;

    private ComposedSentence(string english, string translation)
    {
        _translation = translation;
        _texts =
        [
            .. Hole()
                .Replace(english, Border)
                .Split(Border)
                .Select(text => text.Replace("{{", "{", StringComparison.Ordinal).Replace("}}", "}", StringComparison.Ordinal)),
        ];
        _holes = [.. Hole().Matches(english).Select(hole => int.Parse(hole.Groups["number"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture))];
        _fixed = _texts.Sum(text => text.Length);
    }

    /// <summary>A sentence in Chinese, with what it names as it is; null if it is none of the library's or the front ends'.</summary>
    /// <param name="english">The whole sentence as <see cref="CommandWords.SayInEnglish"/> composed it.</param>
    public static string? InChinese(string english) =>
        english.Length > Longest ? null : Known.Value.Select(known => known.TryTranslate(english)).FirstOrDefault(translated => translated is not null);

    private string? TryTranslate(string sentence)
    {
        if (!sentence.StartsWith(_texts[0], StringComparison.Ordinal) || !sentence.EndsWith(_texts[^1], StringComparison.Ordinal))
        {
            return null;
        }

        var values = new string?[_holes.DefaultIfEmpty(-1).Max() + 1];
        var from = _texts[0].Length;
        for (var index = 0; index < _holes.Length; index++)
        {
            var text = _texts[index + 1];
            var to = index == _holes.Length - 1 ? sentence.Length - text.Length : sentence.IndexOf(text, from, StringComparison.Ordinal);
            if (to < from)
            {
                return null;
            }

            var value = sentence[from..to];
            if (values[_holes[index]] is { } same && same != value)
            {
                return null;
            }

            values[_holes[index]] = value;
            from = to + text.Length;
        }

        return from == sentence.Length ? string.Format(CultureInfo.InvariantCulture, _translation, Array.ConvertAll(values, Part)) : null;
    }

    /// <summary>What fills a hole; some are sentences themselves.</summary>
    private static object? Part(string? value) => value is null ? null : InChinese(value) ?? value;

    [GeneratedRegex(@"(?<!\{)\{(?<number>\d+)[^{}]*\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Hole();
}
