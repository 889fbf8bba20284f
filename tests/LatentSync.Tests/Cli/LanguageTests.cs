using LatentSync.Cli;
using LatentSync.FrontEnd.Words;

namespace LatentSync.Tests.Cli;

public sealed class LanguageTests
{
    private readonly Dictionary<string, string?> _environment = new(StringComparer.Ordinal);

    [Theory]
    [InlineData(null, null, null, null, false)]
    [InlineData(null, "zh_CN.UTF-8", null, null, true)]
    [InlineData(null, "zh_TW", "C", null, false)]
    [InlineData(null, "C", "zh_CN.UTF-8", null, true)]
    [InlineData(null, "zh_CN.UTF-8", "", "", true)]
    [InlineData(null, "zh_CN.UTF-8", null, "en", false)]
    [InlineData(null, "de_DE.UTF-8", null, "zh", true)]
    [InlineData("en", "zh_CN.UTF-8", null, "zh", false)]
    [InlineData("zh", "C", "C", "en", true)]
    public void TheNearest_Decides(string? option, string? lang, string? all, string? variable, bool isChinese)
    {
        (_environment["LANG"], _environment["LC_ALL"], _environment["LATENTSYNC_LANG"]) = (lang, all, variable);
        Assert.Equal(isChinese ? Sentences.Chinese : string.Empty, Choose(option).Name);
        Assert.Equal(string.Empty, Choose(option, isForProgram: true).Name);
    }

    [Fact]
    public void Messages_GoBeforeTheLocale()
    {
        (_environment["LANG"], _environment["LC_MESSAGES"]) = ("C", "zh_CN");
        Assert.Equal(Sentences.Chinese, Choose(option: null).Name);
    }

    private CultureInfo Choose(string? option, bool isForProgram = false) =>
        Language.Choose(option, isForProgram, name => _environment.GetValueOrDefault(name));
}
