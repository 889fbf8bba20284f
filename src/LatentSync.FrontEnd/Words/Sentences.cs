using System.Globalization;
using System.Resources;

namespace LatentSync.FrontEnd.Words;

/// <summary>
/// What people read, in their language: that of <see cref="CultureInfo.CurrentUICulture"/>. The English text in the source is the
/// key, and what is shown where there is no entry. The entries are in <c>Sentences.zh-Hans.resx</c>, which is part of this assembly.
/// </summary>
internal static class Sentences
{
    /// <summary>Name of the culture that there are entries for.</summary>
    public const string Chinese = "zh-Hans";

    private static readonly ResourceManager Entries = new($"{typeof(Sentences).FullName}.{Chinese}", typeof(Sentences).Assembly);

    /// <summary>A text or the template of one, which keeps its holes.</summary>
    public static string Of(string english) =>
        // Without ICU the runtime writes the name as zh-HANS, under which it would find no satellite assembly either.
        CultureInfo.CurrentUICulture.Name.Equals(Chinese, StringComparison.OrdinalIgnoreCase)
            ? Entries.GetString(english, CultureInfo.InvariantCulture) ?? english
            : english;

    /// <summary>All entries.</summary>
    public static ResourceSet All() => Entries.GetResourceSet(CultureInfo.InvariantCulture, createIfNotExists: true, tryParents: false)!;
}
