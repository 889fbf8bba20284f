using System.Globalization;
using System.Resources;

namespace LatentSync.FrontEnd.Words;

/// <summary>
/// What people read, in their language: that of <see cref="CultureInfo.CurrentUICulture"/>. The English text in the source is the
/// key, and what is shown where there is no entry. The entries are in <c>Sentences.zh-Hans.resx</c>.
/// </summary>
internal static class Sentences
{
    private static readonly ResourceManager Entries = new(typeof(Sentences));

    /// <summary>A text or the template of one, which keeps its holes.</summary>
    public static string Of(string english) =>
        Entries.GetResourceSet(CultureInfo.CurrentUICulture, createIfNotExists: true, tryParents: false)?.GetString(english) ?? english;
}
