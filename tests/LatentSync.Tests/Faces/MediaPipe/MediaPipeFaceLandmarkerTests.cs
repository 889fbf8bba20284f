using LatentSync.Faces.MediaPipe;
using LatentSync.TestKit;

namespace LatentSync.Tests.Faces.MediaPipe;

public sealed class MediaPipeFaceLandmarkerTests : IDisposable
{
    private readonly MediaPipeFaceLandmarker _landmarker = new(FaceModelFiles.DefaultFolder);

    public void Dispose() => _landmarker.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(127)]
    [InlineData(255)]
    public void Find_InAFlatFrame_IsNull(byte value) => Assert.Null(_landmarker.Find(TestFrames.Flat(640, 360, value)));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Find_InNoise_IsNull(int seed) => Assert.Null(_landmarker.Find(TestFrames.Noise(320, 240, seed)));

    [Fact]
    public void Find_InALandscape_IsNull() => Assert.Null(_landmarker.Find(TestFrames.Landscape(1280, 720)));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(8, 8)]
    [InlineData(2, 3000)]
    [InlineData(9000, 3)]
    [InlineData(4096, 16)]
    public void Find_InFramesOfOddSize_IsNull(int width, int height)
    {
        Assert.Null(_landmarker.Find(TestFrames.Noise(width, height, seed: 1)));
        Assert.Null(_landmarker.Find(TestFrames.Flat(width, height, 200)));
    }

    [Fact]
    public void Find_AllocatesNothingWorthNaming()
    {
        var frame = TestFrames.Landscape(1280, 720);
        _landmarker.Find(frame);
        var before = GC.GetAllocatedBytesForCurrentThread();
        _landmarker.Find(frame);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4096);
    }
}
