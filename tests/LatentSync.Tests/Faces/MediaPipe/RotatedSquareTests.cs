using LatentSync.Faces;
using LatentSync.Faces.MediaPipe;
using LatentSync.Imaging;

namespace LatentSync.Tests.Faces.MediaPipe;

public class RotatedSquareTests
{
    [Fact]
    public void AroundMesh_TurnsAndGrowsWithTheMesh()
    {
        var mesh = RandomMesh(seed: 3);
        var square = RotatedSquare.Around(mesh);
        var (sin, cos) = Math.SinCos(0.7);
        var moved = Array.ConvertAll(mesh, point => new Point2D((2 * ((cos * point.X) - (sin * point.Y))) + 30, (2 * ((sin * point.X) + (cos * point.Y))) - 9));

        var other = RotatedSquare.Around(moved);

        Assert.Equal(2 * square.Side, other.Side, 1e-9);
        Assert.Equal(0.7, Math.IEEERemainder(other.Angle - square.Angle, 2 * Math.PI), 1e-9);
        Assert.Equal((2 * ((cos * square.Center.X) - (sin * square.Center.Y))) + 30, other.Center.X, 1e-9);
        Assert.Equal((2 * ((sin * square.Center.X) + (cos * square.Center.Y))) - 9, other.Center.Y, 1e-9);
    }

    [Fact]
    public void AroundDetection_HasOneAndAHalfTimesTheLongerSide()
    {
        var square = RotatedSquare.Around(new FaceDetection(new FaceBox(10, 20, 30, 60), new Point2D(12, 30), new Point2D(22, 40), 1));
        Assert.Equal(new Point2D(20, 40), square.Center);
        Assert.Equal(60, square.Side, 1e-12);
        Assert.Equal(Math.PI / 4, square.Angle, 1e-12);
    }

    [Theory]
    [InlineData(0, 100, true)]
    [InlineData(0, 0, false)]
    [InlineData(0, double.NaN, false)]
    [InlineData(0, double.PositiveInfinity, false)]
    [InlineData(double.NaN, 100, false)]
    [InlineData(1e30, 100, false)]
    public void IsUsable_OnlyIfFiniteAndOfSaneSize(double x, double side, bool usable) =>
        Assert.Equal(usable, new RotatedSquare(new Point2D(x, 0), side, 0).IsUsable);

    [Fact]
    public void Reduce_TakesMeansAndRoundsOnRequest()
    {
        var mesh = RandomMesh(seed: 4);
        var exact = FaceMeshLandmarks.Reduce(mesh, 0.9, round: false);
        var rounded = FaceMeshLandmarks.Reduce(mesh, 0.9, round: true);

        Assert.Equal((mesh[71].X + mesh[63].X + mesh[105].X + mesh[66].X + mesh[107].X) / 5, exact.LeftBrow.X, 1e-9);
        Assert.Equal((mesh[336].Y + mesh[296].Y + mesh[334].Y + mesh[293].Y + mesh[301].Y) / 5, exact.RightBrow.Y, 1e-9);
        Assert.Equal(mesh.Min(point => point.X), exact.Box.Left);
        Assert.Equal(Math.Round(rounded.Nose.X), rounded.Nose.X);
        Assert.Equal(exact.Nose.X, rounded.Nose.X, 1.0);
    }

    private static Point2D[] RandomMesh(int seed)
    {
        var random = new Random(seed);
        var mesh = new Point2D[FaceMeshLandmarks.Count];
        for (var i = 0; i < mesh.Length; i++)
        {
            mesh[i] = new Point2D(random.NextDouble() * 200, random.NextDouble() * 300);
        }

        return mesh;
    }
}
