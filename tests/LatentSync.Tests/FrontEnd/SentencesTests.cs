using System.Collections;
using System.Text.RegularExpressions;
using LatentSync.Cli;
using LatentSync.FrontEnd.Words;
using LatentSync.Worker;

namespace LatentSync.Tests.FrontEnd;

/// <summary>Each text for people has a Chinese entry, and each entry belongs to a text.</summary>
public sealed partial class SentencesTests
{
    private static readonly string[] Names = ["dB", "GiB", "SyncNet", "Temporal", "Self", "UTC", "sha256"];

    /// <summary>The templates of the compiled assemblies, the texts of the help, and no others.</summary>
    private static readonly HashSet<string> English =
    [
        .. SentenceTemplates.Of(typeof(LipSyncEngine).Assembly),
        .. SentenceTemplates.Of(typeof(CommandWords).Assembly),
        .. SentenceTemplates.Of(typeof(WorkerSession).Assembly),
        .. SentenceTemplates.Of(typeof(CommandLine).Assembly),
        .. HelpText.Texts(CommandLine.Root()),
    ];

    private static readonly Dictionary<string, string> Entries = Sentences
        .All()
        .Cast<DictionaryEntry>()
        .ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!, StringComparer.Ordinal);

    [Fact]
    public void EveryText_HasAnEntry()
    {
        var missing = English.Where(HasWords).Where(text => !Entries.ContainsKey(text)).Order(StringComparer.Ordinal).ToList();
        Assert.True(missing.Count == 0, $"{missing.Count} texts have no entry in Sentences.zh-Hans.resx:\n{string.Join('\n', missing)}");
    }

    [Fact]
    public void EveryEntry_IsOfAText()
    {
        var unused = Entries.Keys.Except(English, StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        Assert.True(unused.Count == 0, $"{unused.Count} entries of Sentences.zh-Hans.resx belong to no text:\n{string.Join('\n', unused)}");
    }

    [Fact]
    public void EveryEntry_HasTheHolesOfItsText() => Assert.All(Entries, entry => Assert.Equal(Holes(entry.Key), Holes(entry.Value)));

    [Fact]
    public void EveryEntry_IsTranslated() => Assert.All(Entries, entry => Assert.NotEqual(entry.Key, entry.Value));

    /// <summary>Whether there is something to translate: a word that is neither a name nor a value of an option.</summary>
    private static bool HasWords(string text) =>
        !text.Contains('|', StringComparison.Ordinal)
        && Word().Matches(Hole().Replace(text, " ")).Any(word => !Names.Contains(word.Value, StringComparer.Ordinal));

    private static string Holes(string text) =>
        string.Join(' ', Hole().Matches(text).Select(hole => hole.Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    [GeneratedRegex(@"\{\d+[^{}]*\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Hole();

    [GeneratedRegex(@"\p{L}[\p{L}\d]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Word();
}
