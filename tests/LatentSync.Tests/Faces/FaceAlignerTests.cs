using LatentSync.Faces;
using LatentSync.Imaging;
using MathNet.Numerics.LinearAlgebra;

namespace LatentSync.Tests.Faces;

public class FaceAlignerTests
{
    private static readonly Point2D Left = new(336, 390);
    private static readonly Point2D Right = new(385, 398);
    private static readonly Point2D Nose = new(356, 431);

    [Fact]
    public void Align_TakesTheTemplateToItself()
    {
        var transform = new FaceAligner(256).Align(new Point2D(17 * 2.8, 56), new Point2D(58 * 2.8, 56), new Point2D(105, 112));
        var point = transform.Apply(new Point2D(100, 50));
        Assert.Equal(100, point.X, 1e-9);
        Assert.Equal(50, point.Y, 1e-9);
    }

    [Fact]
    public void Align_MatchesTheSingularValueForm()
    {
        var random = new Random(11);
        for (var round = 0; round < 200; round++)
        {
            // Every second triple is mirrored, where the decomposition has to flip a column.
            var mirror = round % 2 == 0 ? 1 : -1;
            double[,] points = new double[3, 2];
            for (var i = 0; i < 3; i++)
            {
                (points[i, 0], points[i, 1]) = (mirror * random.Next(1000), random.Next(1000));
            }

            var actual = new FaceAligner(512, smooth: false).Align(
                new Point2D(points[0, 0], points[0, 1]),
                new Point2D(points[1, 0], points[1, 1]),
                new Point2D(points[2, 0], points[2, 1])
            );
            var expected = Twin(Matrix<double>.Build.DenseOfArray(points));
            Assert.Equal(expected[0, 0], actual.M11, 1e-6);
            Assert.Equal(expected[0, 1], actual.M12, 1e-6);
            Assert.Equal(expected[0, 2], actual.M13, 1e-3);
            Assert.Equal(expected[1, 0], actual.M21, 1e-6);
            Assert.Equal(expected[1, 1], actual.M22, 1e-6);
            Assert.Equal(expected[1, 2], actual.M23, 1e-3);
        }
    }

    [Fact]
    public void Reset_ForgetsTheFramesSoFar()
    {
        var aligner = new FaceAligner(256);
        var first = aligner.Align(Left, Right, Nose);
        aligner.Align(Left, Right, new Point2D(350, 440));
        var later = aligner.Align(Left, Right, Nose);
        aligner.Reset();
        Assert.NotEqual(first, later);
        Assert.Equal(first, aligner.Align(Left, Right, Nose));
    }

    /// <summary>The reference smooths where the nose comes to lie: four fifths of a jump are made at once, then of what is left.</summary>
    [Fact]
    public void Align_FollowsAJumpOfTheNose_ByFourFifthsAFrame()
    {
        var jumped = new Point2D(350, 440);
        var (before, after) = (Shift(new FaceAligner(256), Nose), Shift(new FaceAligner(256), jumped));
        var aligner = new FaceAligner(256);
        Assert.Equal(before, Shift(aligner, Nose));
        foreach (var share in (double[])[0.8, 0.96, 0.992])
        {
            var shift = Shift(aligner, jumped);
            Assert.Equal(share, (shift.X - before.X) / (after.X - before.X), 1e-6);
            Assert.Equal(share, (shift.Y - before.Y) / (after.Y - before.Y), 1e-6);
        }
    }

    [Theory]
    [InlineData(5, 5)]
    [InlineData(double.NaN, 5)]
    [InlineData(5, double.PositiveInfinity)]
    public void Align_OfAnImpossibleFace_ThrowsAndKeepsTheSmoothing(double x, double y)
    {
        var (disturbed, plain) = (new FaceAligner(256), new FaceAligner(256));
        disturbed.Align(Left, Right, Nose);
        plain.Align(Left, Right, Nose);
        var bad = new Point2D(x, y);
        Assert.Null(disturbed.TryAlign(bad, bad, bad));
        Assert.Throws<ArgumentException>(() => disturbed.Align(bad, bad, bad));
        Assert.Equal(plain.Align(Right, Nose, Left), disturbed.Align(Right, Nose, Left));
    }

    /// <summary>By how much the next frame is moved beside the fit of its three points.</summary>
    private static Point2D Shift(FaceAligner aligner, Point2D nose)
    {
        var (smooth, plain) = (aligner.Align(Left, Right, nose), new FaceAligner(256, smooth: false).Align(Left, Right, nose));
        return new Point2D(smooth.M13 - plain.M13, smooth.M23 - plain.M23);
    }

    private static Matrix<double> Twin(Matrix<double> points)
    {
        var template = Matrix<double>.Build.DenseOfArray(
            new double[,]
            {
                { 95.2, 112 },
                { 324.8, 112 },
                { 210, 224 },
            }
        );
        var (c1, c2) = (points.ColumnSums() / 3, template.ColumnSums() / 3);
        var p1 = points - Matrix<double>.Build.DenseOfRowVectors(c1, c1, c1);
        var p2 = template - Matrix<double>.Build.DenseOfRowVectors(c2, c2, c2);
        var (s1, s2) = (p1.FrobeniusNorm() / Math.Sqrt(5), p2.FrobeniusNorm() / Math.Sqrt(5));
        var svd = ((p1 / s1).Transpose() * (p2 / s2)).Svd();
        var v = svd.VT.Transpose();
        if ((v * svd.U.Transpose()).Determinant() < 0)
        {
            v.SetColumn(1, -v.Column(1));
        }

        var rotation = v * svd.U.Transpose() * (s2 / s1);
        return rotation.Append((c2 - (rotation * c1)).ToColumnMatrix());
    }
}
