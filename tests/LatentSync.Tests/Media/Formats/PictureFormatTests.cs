using LatentSync.Media.Formats;

namespace LatentSync.Tests.Media.Formats;

public class PictureFormatTests
{
    [Theory]
    [InlineData("yuv420p", 420, 8)]
    [InlineData("yuvj422p", 422, 8)]
    [InlineData("yuv410p", 420, 8)]
    [InlineData("yuv411p", 422, 8)]
    [InlineData("yuvj440p", 444, 8)]
    [InlineData("yuv422p10le", 422, 10)]
    [InlineData("yuv444p12be", 444, 12)]
    [InlineData("gray", 420, 8)]
    [InlineData("gray10le", 420, 10)]
    [InlineData("monob", 420, 8)]
    [InlineData("nv12", 420, 8)]
    [InlineData("p010le", 420, 10)]
    [InlineData("p216be", 422, 16)]
    [InlineData("uyvy422", 422, 8)]
    [InlineData("y210le", 422, 10)]
    [InlineData(null, 420, 8)]
    [InlineData("", 420, 8)]
    public void YCbCr(string? name, int chroma, int depth) => Assert.Equal(new PictureFormat((ChromaSampling)chroma, depth), PictureFormat.Parse(name));

    [Theory]
    [InlineData("yuva420p", 420, 8, false)]
    [InlineData("yuva444p12le", 444, 12, false)]
    [InlineData("ya8", 420, 8, false)]
    [InlineData("ya16be", 420, 16, false)]
    [InlineData("rgba", 444, 8, true)]
    [InlineData("bgra64le", 444, 16, true)]
    [InlineData("gbrap10le", 444, 10, true)]
    [InlineData("pal8", 444, 8, true)]
    public void Transparent(string name, int chroma, int depth, bool isRgb) =>
        Assert.Equal(new PictureFormat((ChromaSampling)chroma, depth, isRgb, HasAlpha: true), PictureFormat.Parse(name));

    [Theory]
    [InlineData("rgb24", 8)]
    [InlineData("bgr0", 8)]
    [InlineData("0rgb", 8)]
    [InlineData("gbrp", 8)]
    [InlineData("gbrp12le", 12)]
    [InlineData("rgb48be", 16)]
    [InlineData("something new", 8)]
    public void Rgb(string name, int depth) => Assert.Equal(new PictureFormat(ChromaSampling.Full, depth, IsRgb: true), PictureFormat.Parse(name));
}
