using LatentSync.Checkpoints.Tensors;

namespace LatentSync.Tests.Checkpoints.Tensors;

public class TensorLayoutTests
{
    [Fact]
    public void ContiguousStrides_CountFromTheLastAxis()
    {
        Assert.Equal([12L, 4, 1], TensorLayout.ContiguousStrides([2, 3, 4]));
        Assert.Equal([], TensorLayout.ContiguousStrides([]));

        // An empty axis steps like one of length 1, as PyTorch has it.
        Assert.Equal([4L, 4, 1], TensorLayout.ContiguousStrides([2, 0, 4]));
        Assert.Throws<OverflowException>(() => TensorLayout.ContiguousStrides([2, long.MaxValue, long.MaxValue]));
    }

    [Theory]
    [InlineData(new long[] { 2, 3 }, new long[] { 3, 1 }, true)]
    [InlineData(new long[] { 2, 3 }, new long[] { 1, 2 }, false)]
    [InlineData(new long[] { 2, 3 }, new long[] { 4, 1 }, false)]
    [InlineData(new long[] { 2, 3 }, new long[] { 6, 2 }, false)]
    [InlineData(new long[] { 1, 3 }, new long[] { 99, 1 }, true)] // of an axis of one entry the step does not count
    [InlineData(new long[] { 3, 1 }, new long[] { 1, 99 }, true)]
    [InlineData(new long[] { 2, 0 }, new long[] { 7, 7 }, true)]
    [InlineData(new long[] { }, new long[] { }, true)]
    public void IsContiguous_IfTheElementsFollowEachOther(long[] shape, long[] strides, bool expected) =>
        Assert.Equal(expected, TensorLayout.IsContiguous(shape, strides));

    [Theory]
    [InlineData(new long[] { 2, 3 }, null, 0, 6, true)]
    [InlineData(new long[] { 2, 3 }, null, 0, 5, false)]
    [InlineData(new long[] { 2, 3 }, null, 1, 7, true)]
    [InlineData(new long[] { 2, 3 }, null, 1, 6, false)]
    [InlineData(new long[] { 2 }, new long[] { 5 }, 0, 6, true)]
    [InlineData(new long[] { 2 }, new long[] { 5 }, 0, 5, false)]
    [InlineData(new long[] { 3 }, new long[] { 0 }, 0, 3, true)] // expanded, but no more elements than are there
    [InlineData(new long[] { 3 }, new long[] { 0 }, 0, 2, false)]
    [InlineData(new long[] { 0 }, null, 6, 6, true)]
    [InlineData(new long[] { 0 }, null, 7, 6, false)]
    [InlineData(new long[] { }, null, 0, 1, true)]
    [InlineData(new long[] { }, null, 0, 0, false)]
    [InlineData(new long[] { 1, 1, 1, 1, 1, 1, 1, 1 }, null, 0, 1, true)]
    [InlineData(new long[] { 1, 1, 1, 1, 1, 1, 1, 1, 1 }, null, 0, 1, false)]
    [InlineData(new long[] { 1 }, null, -1, 1, false)]
    [InlineData(new long[] { -1 }, null, 0, 1, false)]
    [InlineData(new long[] { 1 }, new long[] { -1 }, 0, 1, false)]
    [InlineData(new long[] { 1 }, new long[] { 1, 1 }, 0, 1, false)]
    public void Fits_IfAllElementsLieInTheStorage(long[] shape, long[]? strides, long first, long capacity, bool expected) =>
        Assert.Equal(expected, TensorLayout.Fits(shape, strides, first, capacity));

    [Fact]
    public void Advance_CountsLikeAnOdometer()
    {
        var index = new long[2];
        var seen = new List<(long, long)>();
        for (var i = 0; i < 7; i++)
        {
            seen.Add((index[0], index[1]));
            TensorLayout.Advance(index, [2, 3]);
        }

        Assert.Equal([(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 0)], seen);
    }

    [Fact]
    public void Offset_IsTheSumOfTheSteps() => Assert.Equal(235, TensorLayout.Offset([2, 3, 5], [100, 10, 1]));
}
