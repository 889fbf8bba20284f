using System.Globalization;
using System.Resources;
using LatentSync.FrontEnd.Words;

namespace LatentSync.Page.Words;

/// <summary>
/// What people read on the page, in their language. As in <see cref="Sentences"/>, the English text in the source is the key of the
/// entry in <c>PageSentences.zh-Hans.resx</c>.
/// </summary>
internal static class PageWords
{
    private static readonly ResourceManager Entries = new("LatentSync.Page.Words.PageSentences.zh-Hans", typeof(PageWords).Assembly);

    /// <summary>A sentence.</summary>
    public static string Say(FormattableString sentence) => string.Format(CultureInfo.InvariantCulture, Of(sentence.Format), sentence.GetArguments());

    /// <summary>All entries.</summary>
    public static ResourceSet All() => Entries.GetResourceSet(CultureInfo.InvariantCulture, createIfNotExists: true, tryParents: false)!;

    private static string Of(string english) => PageLanguage.IsChinese ? Entries.GetString(english, CultureInfo.InvariantCulture) ?? english : english;
}
