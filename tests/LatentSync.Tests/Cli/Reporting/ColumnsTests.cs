using LatentSync.Cli.Reporting;

namespace LatentSync.Tests.Cli.Reporting;

public sealed class ColumnsTests
{
    [Fact]
    public void ChineseCharacters_TakeTwo()
    {
        Assert.Equal(9, Columns.Of("ab 中文，"));
        Assert.Equal("中文  |", Columns.Pad("中文", 6) + "|");
        Assert.Equal("中", Columns.Cut("中文", 3));
    }

    [Theory]
    [InlineData("one two three", 7, "one two", "three")]
    [InlineData("视频中的嘴唇", 8, "视频中的", "嘴唇")]
    [InlineData("视频中的，嘴唇", 8, "视频中", "的，嘴唇")]
    [InlineData("（默认）在此", 7, "（默", "认）在", "此")]
    [InlineData("用 ffmpeg 编码", 9, "用 ffmpeg", "编码")]
    [InlineData("abcdefgh", 3, "abc", "def", "gh")]
    [InlineData("", 3, "")]
    public void Lines_BreakWhereTheyMay(string text, int room, params string[] lines)
    {
        Assert.Equal(lines, Columns.Wrap(text, room));
        Assert.All(lines, line => Assert.InRange(Columns.Of(line), 0, room));
    }
}
