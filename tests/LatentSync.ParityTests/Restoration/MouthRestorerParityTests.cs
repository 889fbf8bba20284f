using LatentSync.Faces;
using LatentSync.Imaging;
using LatentSync.Latents;
using LatentSync.Restoration;
using LatentSync.Tensors;
using LatentSync.TestKit;

namespace LatentSync.ParityTests.Restoration;

public class MouthRestorerParityTests
{
    // 38 dB of 8-bit signal to noise.
    private const double MaxRootMeanSquare = 3.2;

    [Theory]
    [InlineData(256)]
    [InlineData(512)]
    public void Restore_OfTheUnchangedCrop_GivesTheFrameBack(int resolution)
    {
        var frame = Png.Read(Golden.Path("align/frame0.png"));
        var p = Golden.Tensor("align/frame0_landmarks3.npy").Data;
        var alignment = new FaceAligner(resolution).Align(new Point2D(p[0], p[1]), new Point2D(p[2], p[3]), new Point2D(p[4], p[5]));
        var image = new RgbImage(resolution, resolution);
        new FaceCropper(resolution).Crop(frame, alignment, image);
        var face = new Tensor(3, resolution, resolution);
        for (var i = 0; i < image.Pixels.Length; i++)
        {
            face.Row(i % 3)[i / 3] = (image.Pixels[i] / 255f * 2) - 1;
        }

        var restored = new RgbImage(frame.Width, frame.Height, [.. frame.Pixels]);
        new MouthRestorer(new RepaintMask(resolution).Pixels, resolution).Restore(restored, alignment, face.Span, weight: 1);
        double squares = 0;
        var changed = 0;
        for (var i = 0; i < frame.Pixels.Length; i++)
        {
            var error = restored.Pixels[i] - frame.Pixels[i];
            squares += error * error;
            changed += error != 0 ? 1 : 0;
        }

        Assert.True(changed > 0);
        ParityTable.Check(FormattableString.Invariant($"restoration/mouth of the unchanged {resolution} px crop"), "root mean square of changed values", Math.Sqrt(squares / changed), MaxRootMeanSquare);
    }
}
