using LatentSync.Checkpoints.Tensors;

namespace LatentSync.Tests.Checkpoints.Tensors;

public class ModelErrorsTests
{
    [Theory]
    [InlineData(120, "")]
    [InlineData(121, "...")]
    public void Printable_CutsWhatIsLong(int length, string ending) =>
        Assert.Equal(new string('x', 120) + ending, ModelErrors.Printable(new string('x', length)));

    [Fact]
    public void Printable_ReplacesWhatATerminalObeys() => Assert.Equal("a?b?c d", ModelErrors.Printable("a\tb\u200bc d"));
}
