using System.Collections;
using System.Text.RegularExpressions;
using LatentSync.Page;
using LatentSync.Page.Words;
using LatentSync.Tests.FrontEnd;

namespace LatentSync.Tests.Page;

/// <summary>Each text of the page has a Chinese entry, and each entry belongs to a text.</summary>
public sealed partial class PageSentencesTests
{
    private static readonly IReadOnlySet<string> English = SentenceTemplates.Of(typeof(PagePart).Assembly);

    private static readonly Dictionary<string, string> Entries = PageWords
        .All()
        .Cast<DictionaryEntry>()
        .ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!, StringComparer.Ordinal);

    [Fact]
    public void EveryText_HasAnEntry() => Assert.DoesNotContain(English, text => !Entries.ContainsKey(text));

    [Fact]
    public void EveryEntry_IsOfAText() => Assert.DoesNotContain(Entries.Keys, text => !English.Contains(text));

    [Fact]
    public void EveryEntry_HasTheHolesOfItsText() => Assert.All(Entries, entry => Assert.Equal(Holes(entry.Key), Holes(entry.Value)));

    private static string Holes(string text) => string.Join(' ', Hole().Matches(text).Select(hole => hole.Value).Order(StringComparer.Ordinal));

    [GeneratedRegex(@"\{\d+[^{}]*\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Hole();
}
