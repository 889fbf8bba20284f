using LatentSync.Faces.Cuts;
using LatentSync.Imaging;
using LatentSync.Tests.Faces.Tracking;

namespace LatentSync.Tests.Faces.Cuts;

public class SceneCutDetectorTests
{
    private static readonly MovingScene First = new(1);
    private static readonly MovingScene Second = new(2);

    [Fact]
    public void ACut_IsFoundAtItsFrame() =>
        Assert.Equal(
            [4, 9],
            Cuts([.. Enumerable.Repeat(First.Frame(), 4), .. Enumerable.Repeat(Second.Frame(), 5), .. Enumerable.Repeat(new MovingScene(3).Frame(), 3)])
        );

    [Fact]
    public void ACutDuringCameraMovement_IsFound() =>
        Assert.Equal([6], Cuts([.. Enumerable.Range(0, 6).Select(i => First.Frame(3 * i)), .. Enumerable.Range(0, 6).Select(i => Second.Frame(3 * i))]));

    [Fact]
    public void ACutToTheMirroredPicture_IsFound() =>
        Assert.Equal([5], Cuts([.. Enumerable.Repeat(First.Frame(), 5), .. Enumerable.Repeat(Mirror(First.Frame()), 5)]));

    [Theory]
    [InlineData(1, 60)]
    [InlineData(1, 140)]
    [InlineData(1.6, 40)]
    [InlineData(0.3, 180)]
    public void AFlash_IsNoCut(double gain, double offset) =>
        Assert.Empty(
            Cuts([.. Enumerable.Repeat(First.Frame(), 6), .. Enumerable.Repeat(First.Frame(0, gain, offset), 2), .. Enumerable.Repeat(First.Frame(), 6)])
        );

    [Fact]
    public void AWhiteFrame_IsNoCut() =>
        Assert.Empty(Cuts([.. Enumerable.Repeat(First.Frame(), 6), First.Frame(0, 0, 255), First.Frame(0, 0, 255), .. Enumerable.Repeat(First.Frame(), 6)]));

    [Fact]
    public void AFadeToBlackAndBack_IsNoCut() => Assert.Empty(Cuts([.. Fade(First), .. Fade(First).Reverse()]));

    [Fact]
    public void AFadeThroughBlackToAnotherScene_IsOneCut() => Assert.Single(Cuts([.. Fade(First), .. Fade(Second).Reverse()]));

    /// <summary>8 of 320 pixels a frame cross the picture in 1.6 s; a camera takes a few frames to get there.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(8)]
    public void APan_IsNoCut(double pixels)
    {
        var (left, frames) = (0.0, new List<RgbImage>());
        for (var i = 0; i < 30; i++)
        {
            left += Math.Min(pixels, 2 * i);
            frames.Add(First.Frame(left));
        }

        Assert.Empty(Cuts(frames));
    }

    [Fact]
    public void APersonWhoCoversAQuarterOfThePicture_IsNoCut()
    {
        var covered = First.Frame();
        for (var y = 30; y < 130; y++)
        {
            covered.Row(y).Slice(3 * 90, 3 * 144).Fill(20);
        }

        Assert.Empty(Cuts([.. Enumerable.Repeat(First.Frame(), 5), .. Enumerable.Repeat(covered, 3), .. Enumerable.Repeat(First.Frame(), 5)]));
    }

    [Fact]
    public void Noise_IsNoCut()
    {
        var random = new Random(7);
        Assert.Empty(
            Cuts([
                .. Enumerable
                    .Range(0, 12)
                    .Select(_ =>
                    {
                        var frame = First.Frame();
                        for (var i = 0; i < frame.Pixels.Length; i++)
                        {
                            frame.Pixels[i] = (byte)Math.Clamp(frame.Pixels[i] + random.Next(-30, 31), 0, 255);
                        }

                        return frame;
                    }),
            ])
        );
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 3)]
    [InlineData(2000, 2)]
    public void FramesOfOddSize_AreRead(int width, int height)
    {
        var detector = new SceneCutDetector();
        Assert.False(detector.IsCut(new RgbImage(width, height)));
        Assert.False(detector.IsCut(new RgbImage(width, height)));
    }

    private static IEnumerable<RgbImage> Fade(MovingScene scene) => Enumerable.Range(0, 11).Select(i => scene.Frame(0, 1 - (i / 10.0)));

    private static RgbImage Mirror(RgbImage image)
    {
        var mirrored = new RgbImage(image.Width, image.Height);
        for (var i = 0; i < image.Width * image.Height; i++)
        {
            var (x, y) = (i % image.Width, i / image.Width);
            image.Row(y).Slice(3 * x, 3).CopyTo(mirrored.Row(y)[(3 * (image.Width - 1 - x))..]);
        }

        return mirrored;
    }

    private static List<int> Cuts(IEnumerable<RgbImage> frames)
    {
        var detector = new SceneCutDetector();
        return [.. frames.Select(detector.IsCut).ToList().Index().Where(frame => frame.Item).Select(frame => frame.Index)];
    }
}
