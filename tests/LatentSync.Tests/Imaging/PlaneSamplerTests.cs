using LatentSync.Imaging;

namespace LatentSync.Tests.Imaging;

public class PlaneSamplerTests
{
    private static readonly float[] Planes = [1, 2, 3, 4, 10, 20, 30, 40];

    [Theory]
    [InlineData(0, 0, 1, 10)]
    [InlineData(0.5, 0.5, 2.5, 25)]
    [InlineData(1, 1, 4, 40)]
    [InlineData(-0.5, 0, 0.5, 5)]
    [InlineData(1.5, 1.5, 1, 10)]
    [InlineData(-1, 0, 0, 0)]
    [InlineData(1e300, -1e300, 0, 0)]
    public void Sample_InterpolatesEveryPlane(double x, double y, float first, float second)
    {
        var values = new float[2];
        PlaneSampler.Sample(Planes, 2, 2, new Point2D(x, y), fill: 0, values);
        Assert.Equal([first, second], values);
    }
}
