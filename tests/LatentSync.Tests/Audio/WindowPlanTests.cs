using LatentSync.Audio;

namespace LatentSync.Tests.Audio;

public class WindowPlanTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1500, 1, 1)]
    [InlineData(1501, 2, 2)]
    [InlineData(2500, 2, 2)]
    [InlineData(2501, 2, 3)]
    [InlineData(3001, 3, 3)]
    public void CountWindows_CoversAllRows(int rows, int disjoint, int overlapping)
    {
        Assert.Equal(disjoint, WindowPlan.Disjoint.CountWindows(rows));
        Assert.Equal(overlapping, WindowPlan.Overlapping.CountWindows(rows));
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(1224, 0, 1)]
    [InlineData(1225, 1, 0.01f)]
    [InlineData(1250, 1, 0.51f)]
    [InlineData(1274, 1, 0.99f)]
    [InlineData(1275, 1, 1)]
    [InlineData(2224, 1, 1)]
    [InlineData(2225, 2, 0.01f)]
    [InlineData(3499, 2, 1)]
    public void Overlapping_FadesInTheMiddleOfTheOverlap(int row, int window, float share)
    {
        var (actualWindow, actualShare) = WindowPlan.Overlapping.Locate(row, 3500);
        Assert.Equal(window, actualWindow);
        Assert.Equal(share, actualShare, 1e-6f);
    }

    [Fact]
    public void Overlapping_WhenOneWindowHoldsAll_HasNoFade() =>
        Assert.All(Enumerable.Range(0, 1500), row => Assert.Equal((0, 1f), WindowPlan.Overlapping.Locate(row, 1500)));

    [Fact]
    public void Disjoint_CutsEvery1500Rows()
    {
        Assert.Equal((0, 1f), WindowPlan.Disjoint.Locate(1499, 3200));
        Assert.Equal((1, 1f), WindowPlan.Disjoint.Locate(1500, 3200));
        Assert.Equal((2, 1f), WindowPlan.Disjoint.Locate(3199, 3200));
    }

    [Fact]
    public void Locate_NamesOnlyWindowsThatHoldTheRow()
    {
        foreach (var plan in new[] { WindowPlan.Disjoint, WindowPlan.Overlapping })
        {
            for (var rows = 1; rows < 6000; rows += 97)
            {
                for (var row = 0; row < rows; row++)
                {
                    var (window, share) = plan.Locate(row, rows);
                    Assert.InRange(window, 0, plan.CountWindows(rows) - 1);
                    Assert.InRange(row - (window * plan.Stride), 0, WindowPlan.Length - 1);
                    Assert.True(share == 1 || row - ((window - 1) * plan.Stride) < WindowPlan.Length);
                }
            }
        }
    }
}
