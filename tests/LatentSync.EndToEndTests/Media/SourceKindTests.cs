using LatentSync.Imaging;
using LatentSync.Media.Formats;
using LatentSync.Media.Probe;
using LatentSync.Media.Read;
using LatentSync.TestKit;

namespace LatentSync.EndToEndTests.Media;

/// <summary>Sources that are not simply pictures one after the other: fields, HDR, transparency, photographs held sideways.</summary>
public sealed class SourceKindTests : IDisposable
{
    private const int Width = 320;
    private const int Height = 240;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// A pattern that moves by 8 pixels a field combs where fields are left together: neighbouring rows differ by far more than
    /// the ones two apart.
    /// </summary>
    [Theory]
    [InlineData("i.ts", "-c:v libx264 -flags +ildct+ilme -x264-params tff=1")]
    [InlineData("i.mpg", "-c:v mpeg2video -flags +ildct+ilme -b:v 8M")]
    [InlineData("i.mov", "-c:v prores_ks -flags +ildct")]
    [InlineData("i.mkv", "-c:v mjpeg -q:v 2 -field_order tt")]
    public async Task Fields_BecomeWholePictures(string name, string encoder)
    {
        const string moving = "-f lavfi -i color=black:s=320x240:r=50:d=1,geq=lum='if(mod(floor((X-8*N)/40),2),220,30)':cb=128:cr=128";
        var path = await TestMedia.MakeAsync(_folder.File(name), $"{moving} -vf interlace=lowpass=off {encoder}");
        var video = (await MediaProbe.ProbeAsync(path, TestMedia.Token)).RequireVideo();
        Assert.True(video.IsInterlaced);
        var whole = await TestMedia.ReadFramesAsync(path, new VideoReadOptions());
        Assert.InRange(whole.Count, 24, 26);
        var fields = await ReadAsync(path, video with { IsInterlaced = false });
        var (combed, clean) = (Combing(fields[12]), Combing(whole[12]));
        Assert.True(combed > 3, Invariant($"The test video is not combed: {combed:0.00}."));
        Assert.True(clean < 1.3, Invariant($"Rows beside each other differ by {clean:0.00} times those two apart; left as fields {combed:0.00}."));
    }

    [Fact]
    public async Task Fields_AreTheSame_FromTheMiddle()
    {
        const int start = 80;
        var path = await TestMedia.MakeAsync(
            _folder.File("i.mkv"),
            "-f lavfi -i testsrc2=s=320x240:r=50:d=6 -vf interlace -c:v libx264 -g 25 -flags +ildct+ilme"
        );
        var whole = await TestMedia.HashFramesAsync(path, new VideoReadOptions());
        var part = await TestMedia.HashFramesAsync(path, new VideoReadOptions { StartFrame = start, FrameLimit = 10 });
        Assert.Equal(whole.Skip(start).Take(10), part);
    }

    /// <summary>Reference white becomes nearly white, black stays black, brighter becomes brighter, grey stays grey.</summary>
    [Theory]
    [InlineData("arib-std-b67", 0.75)]
    [InlineData("smpte2084", 0.58)]
    public async Task HighDynamicRange_BecomesStandard(string transfer, double referenceWhite)
    {
        Assert.SkipUnless(await TestMedia.Tools.HasFilterAsync(SourceFilters.RangeFilter, TestMedia.Token), "SKIPPED: this ffmpeg lacks zscale.");
        const int steps = 16;
        var path = await TestMedia.MakeAsync(
            _folder.File("hdr.mkv"),
            $"-f lavfi -i color=s=320x240:r=25:d=0.2,format=yuv420p10le,geq=lum='64+876*floor(X/20)/15':cb=512:cr=512 "
                + $"-c:v ffv1 -color_range tv -colorspace bt2020nc -color_primaries bt2020 -color_trc {transfer}"
        );
        var video = (await MediaProbe.ProbeAsync(path, TestMedia.Token)).RequireVideo();
        Assert.True(video.Color.IsHighDynamicRange);
        Assert.Equal(ColorTags.Standard, video.ResultColor);
        var frame = (await TestMedia.ReadFramesAsync(path, new VideoReadOptions()))[0];
        var levels = Enumerable.Range(0, steps).Select(step => Pixel(frame, (step * Width / steps) + (Width / steps / 2), Height / 2)).ToList();
        Assert.All(levels, pixel => Assert.InRange(pixel.Max() - pixel.Min(), 0, 3));
        Assert.InRange(levels[0][1], 0, 3);
        Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.True(pair.Second[1] >= pair.First[1]));
        Assert.InRange(levels[(int)Math.Round(referenceWhite * (steps - 1))][1], 195, 235);
        Assert.InRange(levels[^1][1], 240, 255);
    }

    /// <summary>The left half is transparent, and green underneath.</summary>
    [Theory]
    [InlineData("a.mov", "-c:v prores_ks -profile:v 4444 -pix_fmt yuva444p10le")]
    [InlineData("a.mov", "-c:v qtrle -pix_fmt argb")]
    [InlineData("a.webm", "-c:v libvpx-vp9 -pix_fmt yuva420p -auto-alt-ref 0 -b:v 2M")]
    [InlineData("a.mkv", "-c:v png -pix_fmt rgba")]
    public async Task TransparentParts_AreBlack(string name, string encoder)
    {
        var path = await TestMedia.MakeAsync(
            _folder.File(name),
            $"-f lavfi -i color=green:s=320x240:r=25:d=0.2,format=rgba,geq=r=0:g=200:b=0:a='if(lt(X,160),0,255)' {encoder}"
        );
        var video = (await MediaProbe.ProbeAsync(path, TestMedia.Token)).RequireVideo();
        Assert.True(video.Format.HasAlpha);
        var frame = (await TestMedia.ReadFramesAsync(path, new VideoReadOptions()))[0];
        Assert.All(Pixel(frame, 80, 120), value => Assert.InRange(value, (byte)0, (byte)3));
        Assert.InRange(Pixel(frame, 240, 120)[1], 180, 220);
    }

    /// <summary>
    /// All eight ways to hold a camera, in three formats: the red corner of the upright picture is at the top left, the green
    /// one at the top right.
    /// </summary>
    [Theory]
    [InlineData(".jpg")]
    [InlineData(".png")]
    [InlineData(".webp", Explicit = true)]
    public async Task Photographs_StandUpright(string extension)
    {
        var library =
            extension == ".webp" ? "libwebp"
            : extension == ".png" ? "png"
            : "mjpeg";
        Assert.SkipUnless(await TestMedia.Tools.HasEncoderAsync(library, TestMedia.Token), "SKIPPED: this ffmpeg lacks the encoder.");
        string[] stored = ["null", "hflip", "hflip,vflip", "vflip", "transpose=cclock_flip", "transpose=cclock", "transpose=clock_flip", "transpose=clock"];
        foreach (var (index, undo) in stored.Index())
        {
            var path = await TestMedia.MakeAsync(
                _folder.File(Invariant($"{index}{extension}")),
                $"-f lavfi -i color=blue:s=96x64:d=1,drawbox=c=red:w=32:h=24:t=fill,drawbox=c=lime:x=64:w=32:h=24:t=fill "
                    + $"-vf {undo} -frames:v 1 -q:v 2 -lossless 1 -c:v {library}"
            );
            await File.WriteAllBytesAsync(path, WithOrientation(await File.ReadAllBytesAsync(path, TestMedia.Token), extension, index + 1), TestMedia.Token);
            var video = (await MediaProbe.ProbePicturesAsync(path, TestMedia.Token)).RequireVideo();
            Assert.Equal((96, 64), (video.DisplayWidth, video.DisplayHeight));
            var frame = (await ReadAsync(path, video))[0];
            var (left, right, below) = (Pixel(frame, 16, 12, 96), Pixel(frame, 80, 12, 96), Pixel(frame, 16, 52, 96));
            Assert.True(left[0] > 200 && left[1] < 60, Invariant($"{extension} {index + 1}: top left"));
            Assert.True(right[1] > 200 && right[0] < 60, Invariant($"{extension} {index + 1}: top right"));
            Assert.True(below[2] > 200 && below[0] < 60, Invariant($"{extension} {index + 1}: bottom left"));
        }
    }

    private static async Task<List<byte[]>> ReadAsync(string path, VideoStreamInfo video)
    {
        await using var reader = await VideoReader.OpenAsync(path, video, new VideoReadOptions { FrameLimit = 20 }, TestMedia.Token);
        var image = new RgbImage(video.DisplayWidth, video.DisplayHeight);
        List<byte[]> frames = [];
        while (await reader.ReadAsync(image, TestMedia.Token))
        {
            frames.Add((byte[])image.Pixels.Clone());
        }

        return frames;
    }

    private static byte[] Pixel(byte[] frame, int x, int y, int width = Width) => frame[(((y * width) + x) * 3)..][..3];

    private static double Combing(byte[] frame)
    {
        double Difference(int rows)
        {
            var sum = 1.0;
            for (var y = 20; y < Height - 20; y++)
            {
                for (var x = 0; x < Width * 3; x++)
                {
                    sum += Math.Abs(frame[(y * Width * 3) + x] - frame[((y + rows) * Width * 3) + x]);
                }
            }

            return sum;
        }

        // A still row pattern gives about 1; the offset keeps noise out of the ratio.
        const double floor = 200_000;
        return (Difference(1) + floor) / (Difference(2) + floor);
    }

    private static byte[] WithOrientation(byte[] picture, string extension, int orientation)
    {
        var block = ExifBlock.Make(orientation, bigEndian: orientation % 2 == 0);
        return extension switch
        {
            ".jpg" => ExifBlock.IntoJpeg(picture, block),
            ".png" => ExifBlock.IntoPng(picture, block),
            _ => ExifBlock.IntoWebp(picture, block),
        };
    }
}
