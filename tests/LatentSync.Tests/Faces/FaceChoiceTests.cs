using LatentSync.FrontEnd.Words;

namespace LatentSync.Tests.Faces;

public class FaceChoiceTests
{
    [Theory]
    [InlineData("largest")]
    [InlineData("all")]
    [InlineData("left:1")]
    [InlineData("left:12")]
    [InlineData("point:640,300")]
    [InlineData("point:640.5,-3@250")]
    [InlineData("like:a folder/anna.jpg")]
    public void Parse_ReadsWhatToStringWrites(string text) => Assert.Equal(text, FaceChoice.Parse(text).ToString());

    [Fact]
    public void Parse_AndTheMethods_AgreeAboutEveryChoice()
    {
        Assert.Equal(FaceChoice.Largest, FaceChoice.Parse("largest"));
        Assert.Equal(FaceChoice.All, FaceChoice.Parse("all"));
        Assert.NotEqual(FaceChoice.All, FaceChoice.Largest);
        Assert.Equal(FaceChoice.FromLeft(2), FaceChoice.Parse("left:2"));
        Assert.Equal(FaceChoice.NearestTo(1.5, 2, 3), FaceChoice.Parse("point:1.5,2@3"));
        Assert.NotEqual(FaceChoice.FromLeft(1), FaceChoice.Largest);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Largest")]
    [InlineData("left:0")]
    [InlineData("left:-1")]
    [InlineData("left:1.5")]
    [InlineData("left:99999999999")]
    [InlineData("point:1")]
    [InlineData("point:1,2,3")]
    [InlineData("point:NaN,2")]
    [InlineData("point:1,2@-1")]
    [InlineData("point:1,2@")]
    [InlineData("right:1")]
    [InlineData("like:")]
    [InlineData("like: ")]
    public void Parse_OfAnythingElse_SaysWhatIsAllowed(string text)
    {
        var error = Assert.Throws<LipSyncException>(() => FaceChoice.Parse(text));
        Assert.Equal(LipSyncErrorCode.InvalidOptions, error.Code);
        Assert.Contains($"--face is {text};", CommandWords.Say(error), StringComparison.Ordinal);
        Assert.False(FaceChoice.TryParse(text, out _));
    }
}
