using System.Collections;
using System.Text.RegularExpressions;
using LatentSync.FrontEnd.Words;

namespace LatentSync.Tests.FrontEnd;

/// <summary>A sentence that was composed in English is found again and said in Chinese.</summary>
public sealed partial class ComposedSentenceTests
{
    // Shorter templates fit too much by chance; they are only parts of sentences.
    private const int FewestFixed = 8;

    private static readonly object[] Values = ["/a/b.mp4", "--vram", "x264", "17", "0.5", "q", "r", "s", "t"];

    [Fact]
    public void EveryTemplate_IsFoundAgain()
    {
        var wrong = Sentences
            .All()
            .Cast<DictionaryEntry>()
            .Where(entry => Hole().Replace((string)entry.Key, string.Empty).Length >= FewestFixed)
            .Select(entry => (English: Filled((string)entry.Key), Chinese: Filled((string)entry.Value!)))
            .Where(pair => ComposedSentence.InChinese(pair.English) != pair.Chinese)
            .Select(pair => $"{pair.English}\n  {ComposedSentence.InChinese(pair.English)}\n  {pair.Chinese}");
        var list = string.Join('\n', wrong);
        Assert.True(list.Length == 0, list);
    }

    [Fact]
    public void WhatIsNamed_StaysAsItIs() =>
        Assert.Equal(
            "无法打开“/视频/my \"own\" clip; cannot be opened.mp4”；请检查磁盘，并确认该文件没有被其他程序占用。",
            ComposedSentence.InChinese(
                "\"/视频/my \"own\" clip; cannot be opened.mp4\" cannot be opened; check the disk and that no other program locks the file."
            )
        );

    [Theory]
    [InlineData("")]
    [InlineData("The engine ended with exit code 3.")]
    [InlineData("cannot be opened; check the disk and that no other program locks the file.")]
    public void OtherSentences_AreNone(string english) => Assert.Null(ComposedSentence.InChinese(english));

    [Fact]
    public void AMegabyte_IsNone() => Assert.Null(ComposedSentence.InChinese($"\"{new string('"', 1 << 20)}\" cannot be opened; check the disk."));

    private static string Filled(string template) => string.Format(CultureInfo.InvariantCulture, template, Values);

    [GeneratedRegex(@"(?<!\{)\{\d+[^{}]*\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Hole();
}
