using LatentSync.Imaging;

namespace LatentSync.Tests.Imaging;

public class LanczosResizerTests
{
    [Theory]
    [InlineData(105, 140, 128, 128, 3)]
    [InlineData(37, 29, 64, 31, 3)]
    [InlineData(64, 64, 19, 7, 3)]
    [InlineData(300, 200, 8, 8, 1)]
    [InlineData(1, 1, 5, 3, 3)]
    [InlineData(3, 2, 1, 1, 1)]
    [InlineData(16, 16, 16, 16, 1)]
    public void Resize_EqualsTheObviousTwin(int sourceWidth, int sourceHeight, int width, int height, int channels)
    {
        var source = new byte[sourceWidth * sourceHeight * channels];
        new Random(1).NextBytes(source);
        var actual = new byte[width * height * channels];
        var resizer = new LanczosResizer(sourceWidth, sourceHeight, width, height, channels);
        resizer.Resize(source, actual);
        resizer.Resize(source, actual);
        Assert.Equal(Twin(source, sourceWidth, sourceHeight, width, height, channels), actual);
    }

    [Fact]
    public void Resize_OfTheHarshestPattern_DoesNotOverflow()
    {
        // White exactly where the weights of a half-pixel shift are positive gives the largest sums.
        var source = new byte[64 * 64];
        for (var i = 0; i < source.Length; i++)
        {
            var (x, y) = (i % 64, i / 64);
            source[i] = (byte)(((x / 2) + (y / 2)) % 2 == 0 ? 255 : 0);
        }

        foreach (var side in new[] { 128, 100, 64, 32 })
        {
            var actual = new byte[side * side];
            new LanczosResizer(64, 64, side, side, 1).Resize(source, actual);
            Assert.Equal(Twin(source, 64, 64, side, side, 1), actual);
        }
    }

    [Fact]
    public void Resize_WhenTheBufferIsTooShort_Throws() =>
        Assert.Throws<ArgumentException>(() => new LanczosResizer(4, 4, 8, 8, 3).Resize(new byte[48], new byte[191]));

    [Fact]
    public void Constructor_WhenChannelsAreNotOneOrThree_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => new LanczosResizer(4, 4, 8, 8, 4));

    private static byte[] Twin(byte[] source, int sourceWidth, int sourceHeight, int width, int height, int channels)
    {
        var columns = new LanczosTaps(sourceWidth, width, width);
        var rows = new LanczosTaps(sourceHeight, height, height);
        var result = new byte[width * height * channels];
        for (var i = 0; i < result.Length; i++)
        {
            var (x, y, channel) = (i / channels % width, i / channels / width, i % channels);
            long sum = 0;
            for (var v = 0; v < 8; v++)
            {
                for (var u = 0; u < 8; u++)
                {
                    var sourceX = Math.Clamp(columns.Base[x] - 3 + u, 0, sourceWidth - 1);
                    var sourceY = Math.Clamp(rows.Base[y] - 3 + v, 0, sourceHeight - 1);
                    sum += (long)source[(((sourceY * sourceWidth) + sourceX) * channels) + channel] * columns.Weights[(x * 8) + u] * rows.Weights[(y * 8) + v];
                }
            }

            result[i] = (byte)Math.Clamp((sum + (1 << 21)) >> 22, 0, 255);
        }

        return result;
    }
}
