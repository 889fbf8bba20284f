using LatentSync.Faces;
using LatentSync.Imaging;
using LatentSync.Latents;
using LatentSync.Restoration;
using LatentSync.Tensors;
using LatentSync.TestKit;

namespace LatentSync.ParityTests.Restoration;

public class MouthRestorerParityTests
{
    private const string Rendered = "rendered";

    // 38 dB of 8-bit signal to noise.
    private const double MaxRootMeanSquare = 3.2;

    private static readonly int[] Resolutions = [256, 512];
    private static readonly string[] Faces = Golden.IsWhole ? [Rendered, "golden"] : [Rendered];

    public static MatrixTheoryData<string, int> Cases { get; } = new(Faces, Resolutions);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Restore_OfTheUnchangedCrop_GivesTheFrameBack(string name, int resolution)
    {
        var (frame, p) = Read(name);
        var alignment = new FaceAligner(resolution).Align(new Point2D(p[0], p[1]), new Point2D(p[2], p[3]), new Point2D(p[4], p[5]));
        var image = new RgbImage(resolution, resolution);
        new FaceCropper(resolution).Crop(frame, alignment, image);
        var face = new Tensor(3, resolution, resolution);
        for (var i = 0; i < image.Pixels.Length; i++)
        {
            face.Row(i % 3)[i / 3] = (image.Pixels[i] / 255f * 2) - 1;
        }

        var restored = new RgbImage(frame.Width, frame.Height, [.. frame.Pixels]);
        new MouthRestorer(new RepaintMask(resolution).Pixels, resolution).Restore(restored, alignment, face.Data, weight: 1);
        double squares = 0;
        var changed = 0;
        for (var i = 0; i < frame.Pixels.Length; i++)
        {
            var error = restored.Pixels[i] - frame.Pixels[i];
            squares += error * error;
            changed += error != 0 ? 1 : 0;
        }

        Assert.True(changed > 0);
        ParityTable.Check(
            FormattableString.Invariant($"restoration/mouth of the unchanged {resolution} px crop, {name} face"),
            "root mean square of changed values",
            Math.Sqrt(squares / changed),
            MaxRootMeanSquare
        );
    }

    /// <summary>A frame and three points of the face in it: x and y of both brows and the nose. The renderer knows those of its head.</summary>
    private static (RgbImage Frame, float[] Points) Read(string name) =>
        name == Rendered
            ? (
                TestMedia.ReadFrames(TestMedia.Speaker, TestMedia.SpeakerWidth / 2, TestMedia.SpeakerHeight / 2, step: 1, count: 1).Single(),
                [101.1f, 158.1f, 165.3f, 156.9f, 133.9f, 208.7f]
            )
            : (Png.Read(Golden.Path("align/frame0.png")), Golden.Tensor("align/frame0_landmarks3.npy").Data);
}
