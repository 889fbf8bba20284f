using LatentSync.Faces;
using LatentSync.Imaging;
using LatentSync.Latents;
using LatentSync.Restoration;
using LatentSync.Tensors;
using LatentSync.Tests.Imaging;

namespace LatentSync.Tests.Restoration;

public class RestorerTests
{
    private const int Resolution = 64;

    public static TheoryData<bool> Both => [true, false];

    [Theory]
    [MemberData(nameof(Both))]
    public void Restore_OfAFaceOutsideTheFrame_ChangesNothing(bool mouth)
    {
        var frame = TestImage.Noise(90, 80, seed: 1);
        foreach (var (x, y) in new[] { (-300.0, 0.0), (300, 0), (0, -300), (0, 300), (1e9, 0) })
        {
            var actual = TestImage.Copy(frame);
            Create(mouth).Restore(actual, AffineTransform.Identity.Translate(x, y), White().Data, weight: 1);
            Assert.Equal(frame.Pixels, actual.Pixels);
        }
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Restore_OfAFacePartlyOutside_PaintsThePartInside(bool mouth)
    {
        foreach (var (x, y) in new[] { (30.0, 0.0), (-60, 0), (0, 50), (0, -50), (26, 40) })
        {
            foreach (var scale in new[] { 0.1, 1, 6 })
            {
                var frame = new RgbImage(90, 80);
                var alignment = new AffineTransform(scale, 0, x * scale, 0, scale, y * scale);
                Create(mouth).Restore(frame, alignment, White().Data, weight: 1);
                for (var i = 0; i < 90 * 80; i++)
                {
                    var crop = alignment.Apply(new Point2D(i % 90, i / 90));
                    var outside = crop.X < -1 || crop.Y < -1 || crop.X > 53 || crop.Y > 71;
                    Assert.True(!outside || frame.Pixels[3 * i] == 0);
                }
            }
        }
    }

    [Fact]
    public void Mouth_KeepsEveryBitOutsideThePaintedRegion()
    {
        var frame = TestImage.Noise(200, 200, seed: 3);
        var alignment = AffineWarpTests.Similarity(0.7, 0.3, -20, -60);
        var actual = TestImage.Copy(frame);
        Create(mouth: true).Restore(actual, alignment, White().Data, weight: 1);
        var mask = new RepaintMask(Resolution).Pixels;
        var painted = 0;
        for (var i = 0; i < 200 * 200; i++)
        {
            var crop = alignment.Apply(new Point2D(i % 200, i / 200));
            var (x, y) = ((int)Math.Round(((crop.X + 0.5) * 64 / 52) - 0.5), (int)Math.Round(((crop.Y + 0.5) * 64 / 70) - 0.5));
            var kept = x is < 0 or > 63 || y is < 0 or > 63 || mask[(y * 64) + x] >= 0.5f;
            var same = frame.Pixels.AsSpan(3 * i, 3).SequenceEqual(actual.Pixels.AsSpan(3 * i, 3));
            Assert.True(!kept || same);
            painted += same ? 0 : 1;
        }

        Assert.True(painted > 1000);
    }

    [Fact]
    public void Mouth_GivenTheCropItself_LeavesTheFrameNearlyAsItWas()
    {
        foreach (var scale in new[] { 0.6, 1, 2.4 })
        {
            var frame = TestImage.Waves(200, 200);
            var alignment = AffineWarpTests.Similarity(scale, 0.2, 26 - (80 * scale), 35 - (90 * scale));
            var face = new RgbImage(Resolution, Resolution);
            new FaceCropper(Resolution).Crop(frame, alignment, face);
            var actual = TestImage.Copy(frame);
            Create(mouth: true).Restore(actual, alignment, ToTensor(face).Data, weight: 1);
            var errors = frame.Pixels.Zip(actual.Pixels, (a, b) => Math.Abs(a - b)).ToArray();
            Assert.InRange(errors.Max(), 1, 6);
        }
    }

    [Fact]
    public void Mouth_InTheMiddle_IsTheFaceItself()
    {
        var frame = new RgbImage(52, 70);
        Create(mouth: true).Restore(frame, AffineTransform.Identity, White().Data, weight: 1);
        Assert.Equal(255, frame.Row(45)[26 * 3]);
        Assert.Equal(0, frame.Row(10)[26 * 3]);
    }

    /// <summary>Half a weight is half of the change, no weight none.</summary>
    [Theory]
    [MemberData(nameof(Both))]
    public void Restore_WithAWeight_ShowsThatShareOfTheFace(bool mouth)
    {
        var frames = new[] { 0, 0.5f, 1 }
            .Select(weight =>
            {
                var frame = TestImage.Waves(60, 80);
                Create(mouth).Restore(frame, AffineTransform.Identity, White().Data, weight);
                return frame.Pixels;
            })
            .ToList();
        Assert.Equal(TestImage.Waves(60, 80).Pixels, frames[0]);
        Assert.NotEqual(frames[0], frames[2]);
        for (var i = 0; i < frames[0].Length; i++)
        {
            Assert.InRange(frames[1][i] - ((frames[0][i] + frames[2][i]) / 2.0), -1, 1);
        }
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Restore_WhenTheAlignmentHasNoInverse_Throws(bool mouth) =>
        Assert.Throws<InvalidOperationException>(() =>
            Create(mouth).Restore(new RgbImage(20, 20), new AffineTransform(0, 0, 5, 0, 0, 5), White().Data, weight: 1)
        );

    [Theory]
    [MemberData(nameof(Both))]
    public void Restore_WhenTheFaceHasAnotherShape_Throws(bool mouth) =>
        Assert.Throws<ArgumentException>(() => Create(mouth).Restore(new RgbImage(20, 20), AffineTransform.Identity, new float[3 * 32 * 32], weight: 1));

    internal static Tensor White()
    {
        var face = new Tensor(3, Resolution, Resolution);
        face.Span.Fill(1);
        return face;
    }

    internal static Tensor ToTensor(RgbImage image)
    {
        var plane = image.Width * image.Height;
        var face = new Tensor(3, image.Height, image.Width);
        for (var i = 0; i < image.Pixels.Length; i++)
        {
            face.Data[(i % 3 * plane) + (i / 3)] = (image.Pixels[i] / 255f * 2) - 1;
        }

        return face;
    }

    private static IFaceRestorer Create(bool mouth) =>
        mouth ? new MouthRestorer(new RepaintMask(Resolution).Pixels, Resolution) : new ReferenceRestorer(Resolution);
}
