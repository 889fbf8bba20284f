using LatentSync.Faces;
using LatentSync.Imaging;

namespace LatentSync.Tests.Faces;

public class FaceRollTests
{
    [Theory]
    [InlineData(0, true)]
    [InlineData(40, true)]
    [InlineData(-40, true)]
    [InlineData(59, true)]
    [InlineData(61, false)]
    [InlineData(90, false)]
    [InlineData(-90, false)]
    [InlineData(135, false)]
    [InlineData(180, false)]
    public void AFace_IsUprightUpTo60Degrees(double degrees, bool isUpright)
    {
        var (sin, cos) = Math.SinCos(double.DegreesToRadians(degrees));
        var (left, right) = (new Point2D(100 - (30 * cos), 100 - (30 * sin)), new Point2D(100 + (30 * cos), 100 + (30 * sin)));
        Assert.Equal(degrees, FaceRoll.Of(left, right), 9);
        Assert.Equal(isUpright, FaceRoll.IsUpright(left, right));
    }
}
