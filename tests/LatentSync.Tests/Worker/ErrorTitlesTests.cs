using LatentSync.Worker;

namespace LatentSync.Tests.Worker;

public class ErrorTitlesTests
{
    public static TheoryData<LipSyncErrorCode> Codes => [.. Enum.GetValues<LipSyncErrorCode>()];

    [Theory]
    [MemberData(nameof(Codes))]
    public void EveryCode_HasATitleInBothLanguages(LipSyncErrorCode code)
    {
        Assert.All(ErrorTitles.Of(code, "en"), letter => Assert.True(char.IsAscii(letter)));
        Assert.Contains(ErrorTitles.Of(code, "zh-CN"), letter => letter is >= '\u4e00' and <= '\u9fff');
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("fr")]
    public void OtherLanguages_AreEnglish(string? language) => Assert.Equal("No usable face", ErrorTitles.Of(LipSyncErrorCode.NoFace, language));
}
