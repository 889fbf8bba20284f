using LatentSync.Cli.Commands;

namespace LatentSync.Tests.Cli;

public class SpellingTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("sync", "snyc", 1)]
    [InlineData("sync", "SYNC", 0)]
    [InlineData("--video", "--vidoe", 1)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("", "abc", 3)]
    public void Distance_CountsSlips(string a, string b, int slips) => Assert.Equal((slips, slips), (Spelling.Distance(a, b), Spelling.Distance(b, a)));

    [Theory]
    [InlineData("--infrence-steps", "--inference-steps")]
    [InlineData("--inference_steps", "--inference-steps")]
    [InlineData("scroe", "score")]
    [InlineData("x", null)]
    [InlineData("paint", null)]
    public void Nearest_IsTheOneThatWasMeant(string typed, string? meant) =>
        Assert.Equal(meant, Spelling.Nearest(typed, ["sync", "score", "batch", "--inference-steps", "--video"]));
}
