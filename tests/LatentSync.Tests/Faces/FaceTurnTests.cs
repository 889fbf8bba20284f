using LatentSync.Faces;
using LatentSync.Imaging;

namespace LatentSync.Tests.Faces;

public class FaceTurnTests
{
    /// <summary>Outer eye corners and tip of the nose of MediaPipe's canonical face, in centimetres.</summary>
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(30, 0, 0.286)]
    [InlineData(-30, 0.5, -0.286)]
    [InlineData(45, -0.4, 0.496)]
    [InlineData(51, 0.2, 0.613)]
    public void Of_IsTheTangentOfTheAngle_HoweverTheHeadIsTilted(double degrees, double tilt, double expected)
    {
        var actual = FaceTurn.Of(Project(-4.446, 2.664, 3.173), Project(4.446, 2.664, 3.173), Project(0, -0.463, 7.587));
        Assert.Equal(expected, actual, 0.002);

        Point2D Project(double x, double y, double z)
        {
            var turned = (x * Math.Cos(degrees * Math.PI / 180)) + (z * Math.Sin(degrees * Math.PI / 180));
            return new Point2D(
                (40 * ((turned * Math.Cos(tilt)) + (y * Math.Sin(tilt)))) + 300,
                (40 * ((turned * Math.Sin(tilt)) - (y * Math.Cos(tilt)))) + 200
            );
        }
    }

    [Fact]
    public void Of_WhereTheCornersCoincide_IsTurnedAway() => Assert.True(FaceTurn.Of(new Point2D(5, 5), new Point2D(5, 5), new Point2D(5, 9)) > FaceTurn.Away);
}
