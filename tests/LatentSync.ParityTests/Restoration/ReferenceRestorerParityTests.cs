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
        new ReferenceRestorer(GoldenFace.Resolution).Restore(frame, alignment, GoldenFace.Generated512().Data, weight: 1);
        ParityTable.Image("align/frame0_restored.png", frame, Golden.Picture("align/frame0_restored.png"));
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
            var expected = Golden.Picture(Invariant($"e2e/out_{i}.png"));

            // Of an excerpt, what is known depends neither on the frame nor on the values that are left out.
            var frame = Golden.IsWhole ? Png.Read(Golden.Path(Invariant($"e2e/in_{i}.png"))) : new RgbImage(expected.Image.Width, expected.Image.Height);
            var face = Golden.IsWhole ? faces.Row(i).ToArray() : Array.ConvertAll(faces.Row(i).ToArray(), value => float.IsNaN(value) ? 0 : value);
            restorer.Restore(frame, alignment, face, weight: 1);
            ParityTable.Image(Invariant($"e2e/out_{i}.png"), frame, expected);
        }
    }
}
