using LatentSync.Imaging;
using LatentSync.Scoring;

namespace LatentSync.Tests.Scoring;

public class FaceWindowsTests
{
    [Fact]
    public void Window_HoldsTheLowerHalvesOfTheLast16Faces_InOrder()
    {
        var windows = new FaceWindows();
        RgbImage[] faces = [.. Enumerable.Range(0, 20).Select(Face)];
        var starts = faces.Select(windows.Add).ToArray();
        Assert.Equal([.. Enumerable.Repeat<int?>(null, 15), 0, 1, 2, 3, 4], starts);

        var window = new float[48 * 128 * 256];
        windows.CopyTo(window);
        foreach (var (frame, channel, y, x) in new[] { (0, 0, 0, 0), (3, 1, 127, 255), (15, 2, 64, 17), (7, 0, 1, 254) })
        {
            var pixel = faces[4 + frame].Row(128 + y)[(3 * x) + channel];
            Assert.Equal((pixel / 255.0 * 2) - 1, window[(((((frame * 3) + channel) * 128) + y) * 256) + x], 1e-6);
        }
    }

    [Fact]
    public void FrameWithoutAFace_BeginsANewRun()
    {
        var windows = new FaceWindows();
        var starts = Enumerable.Range(0, 40).Select(i => windows.Add(i == 10 ? null : Face(i))).ToArray();
        Assert.All(starts[..26], start => Assert.Null(start));
        Assert.Equal(11, starts[26]);
        Assert.Equal(24, starts[39]);
    }

    private static RgbImage Face(int seed)
    {
        var face = new RgbImage(256, 256);
        new Random(seed).NextBytes(face.Pixels);
        return face;
    }
}
