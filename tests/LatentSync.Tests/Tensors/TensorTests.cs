using LatentSync.Tensors;

namespace LatentSync.Tests.Tensors;

public class TensorTests
{
    [Fact]
    public void Constructor_WhenArrayDoesNotFitShape_Throws() => Assert.Throws<ArgumentException>(() => new Tensor(new float[5], 2, 3));

    [Fact]
    public void Row_GivesTheEntryOfTheFirstAxis() => Assert.Equal([3f, 4, 5], new Tensor([0, 1, 2, 3, 4, 5], 2, 3).Row(1).ToArray());

    [Fact]
    public void RequireShape_TakesMinusOneForAnyLength() => new Tensor(2, 3).RequireShape("x", -1, 3);

    [Fact]
    public void RequireShape_WhenAnAxisDiffers_NamesBothShapes()
    {
        var error = Assert.Throws<ArgumentException>(() => new Tensor(2, 3).RequireShape("x", -1, 4));
        Assert.Contains("[2, 3]", error.Message, StringComparison.Ordinal);
        Assert.Contains("[any, 4]", error.Message, StringComparison.Ordinal);
    }
}
