using LatentSync.Faces;
using LatentSync.Imaging;
using LatentSync.Restoration;
using LatentSync.TestKit;
using static System.FormattableString;

namespace LatentSync.ParityTests.Restoration;

public class ReferenceRestorerParityTests
{
    [Fact]
    public void Restore_At512_MatchesTheReference()
    {
        var frame = Png.Read(Golden.Path("align/frame0.png"));
        var alignment = GoldenFace.Transform(Golden.Tensor("align/frame0_affine_512.npy").Span);
        new ReferenceRestorer(GoldenFace.Resolution).Restore(frame, alignment, GoldenFace.Generated512().Span, weight: 1);
        ParityTable.Image("align/frame0_restored.png", frame.Pixels, Png.Read(Golden.Path("align/frame0_restored.png")).Pixels);
    }

    [Fact]
    public void Restore_OfTheEndToEndRun_MatchesTheReference()
    {
        const int Resolution = 128;
        var landmarks = Golden.Tensor("e2e/landmarks3.npy");
        var faces = Golden.Tensor("e2e/composited_faces.npy");
        var aligner = new FaceAligner(Resolution);
        var restorer = new ReferenceRestorer(Resolution);
        for (var i = 0; i < faces.Shape[0]; i++)
        {
            var p = landmarks.Row(i);
            var alignment = aligner.Align(new Point2D(p[0], p[1]), new Point2D(p[2], p[3]), new Point2D(p[4], p[5]));
            var frame = Png.Read(Golden.Path(Invariant($"e2e/in_{i}.png")));
            restorer.Restore(frame, alignment, faces.Row(i), weight: 1);
            ParityTable.Image(Invariant($"e2e/out_{i}.png"), frame.Pixels, Png.Read(Golden.Path(Invariant($"e2e/out_{i}.png"))).Pixels);
        }
    }
}
