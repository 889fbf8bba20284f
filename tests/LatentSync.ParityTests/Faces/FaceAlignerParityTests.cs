using LatentSync.Faces;
using LatentSync.Imaging;
using LatentSync.Tensors;
using LatentSync.TestKit;
using static System.FormattableString;

namespace LatentSync.ParityTests.Faces;

public class FaceAlignerParityTests
{
    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Align_OverTheVideo_MatchesTheReference(int resolution)
    {
        Check(resolution, smooth: true, Invariant($"align/affine_{resolution}.npy"));
        Check(resolution, smooth: false, Invariant($"align/affine_{resolution}_no_smoothing.npy"));
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void CropSize_EqualsTheReference(int resolution)
    {
        var expected = Npy.ReadInt64(Golden.Path(Invariant($"align/face_size_{resolution}.npy")));
        var size = CropSize.ForResolution(resolution);
        Assert.Equal((expected[0], expected[1]), (size.Width, size.Height));
    }

    private static void Check(int resolution, bool smooth, string file)
    {
        var landmarks = Golden.Tensor("align/landmarks3.npy");
        var expected = Golden.Tensor(file);
        var aligner = new FaceAligner(resolution, smooth);
        var actual = new Tensor([.. expected.Shape]);
        for (var frame = 0; frame < expected.Shape[0]; frame++)
        {
            var p = landmarks.Row(frame);
            var m = aligner.Align(new Point2D(p[0], p[1]), new Point2D(p[2], p[3]), new Point2D(p[4], p[5]));
            ReadOnlySpan<double> values = [m.M11, m.M12, m.M13, m.M21, m.M22, m.M23];
            for (var i = 0; i < values.Length; i++)
            {
                actual.Row(frame)[i] = (float)values[i];
            }
        }

        ParityTable.MaxAbsolute(file, actual, expected, 1e-3);
    }
}
