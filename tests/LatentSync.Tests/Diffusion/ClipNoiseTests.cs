using LatentSync.Diffusion;

namespace LatentSync.Tests.Diffusion;

public class ClipNoiseTests
{
    private const int Size = 16;

    [Fact]
    public void Repeat_GivesEachFrameTheNoiseOfTheVideo()
    {
        var shared = FrameNoise.Draw(1247, 0, 4, Size, Size);
        var noise = new ClipNoise(shared).Repeat(3);
        Assert.Equal([3, 4, Size, Size], noise.Shape);
        for (var frame = 0; frame < 3; frame++)
        {
            Assert.Equal(shared.Data, noise.Row(frame).ToArray());
        }
    }
}
