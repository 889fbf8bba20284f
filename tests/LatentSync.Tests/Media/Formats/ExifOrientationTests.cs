using System.Buffers.Binary;
using LatentSync.Media.Formats;
using LatentSync.TestKit;

namespace LatentSync.Tests.Media.Formats;

public class ExifOrientationTests
{
    [Theory]
    [InlineData(1, false, -1)]
    [InlineData(2, true, 0)]
    [InlineData(3, false, 180)]
    [InlineData(4, true, 180)]
    [InlineData(5, true, 270)]
    [InlineData(6, false, 90)]
    [InlineData(7, true, 90)]
    [InlineData(8, false, 270)]
    [InlineData(9, false, -1)]
    public void EveryValue_InEveryFormat(int value, bool isMirrored, int rotation)
    {
        PictureOrientation? expected = rotation < 0 ? null : new PictureOrientation(isMirrored, rotation);
        foreach (var bigEndian in (bool[])[false, true])
        {
            var block = ExifBlock.Make(value, bigEndian);
            Assert.Equal(expected, ExifOrientation.Parse(ExifBlock.IntoJpeg([0xFF, 0xD8, 0xFF, 0xDB, 0, 2], block), "jpeg_pipe"));
            Assert.Equal(expected, ExifOrientation.Parse([.. new byte[8], .. PngChunk("IHDR", new byte[13]), .. PngChunk("eXIf", block)], "png_pipe"));
            Assert.Equal(expected, ExifOrientation.Parse([.. new byte[12], .. WebpChunk("VP8X", new byte[11]), .. WebpChunk("EXIF", block)], "webp_pipe"));
        }
    }

    /// <summary>Whatever a file holds, reading it ends, and does not fail.</summary>
    [Fact]
    public void DamagedFiles_SayNothing()
    {
        var whole = ExifBlock.IntoJpeg([0xFF, 0xD8, 0xFF, 0xDB, 0, 2], ExifBlock.Make(6, bigEndian: true));
        var random = new Random(5);
        for (var i = 0; i < 2000; i++)
        {
            var bytes = whole[..random.Next(whole.Length + 1)].ToArray();
            for (var change = random.Next(4); change > 0 && bytes.Length > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            foreach (var demuxer in (string[])["jpeg_pipe", "png_pipe", "webp_pipe"])
            {
                Assert.True(ExifOrientation.Parse(bytes, demuxer) is null or { Rotation: 0 or 90 or 180 or 270 });
            }
        }

        Assert.Null(ExifOrientation.Parse([.. new byte[8], .. WebpChunk("long", []), 0xFF, 0xFF, 0xFF, 0xFF], "png_pipe"));
    }

    private static byte[] PngChunk(string name, byte[] body)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, body.Length);
        return [.. length, .. System.Text.Encoding.ASCII.GetBytes(name), .. body, 0, 0, 0, 0];
    }

    private static byte[] WebpChunk(string name, byte[] body)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, body.Length);
        return [.. System.Text.Encoding.ASCII.GetBytes(name), .. length, .. body, .. body.Length % 2 == 1 ? (byte[])[0] : []];
    }

    /// <summary>Lengths that in 32 bits would lead back to where they stand, or before.</summary>
    [Theory]
    [InlineData("webp_pipe", 0xFFFFFFF8)]
    [InlineData("webp_pipe", 0xFFFFFFF0)]
    [InlineData("png_pipe", 0xFFFFFFF4)]
    [InlineData("png_pipe", 0xFFFFFFFF)]
    public async Task ALengthBeyondTheFile_EndsTheSearch(string demuxer, uint length)
    {
        var picture = new byte[100];
        var at = demuxer == "webp_pipe" ? 12 : 8;
        if (demuxer == "webp_pipe")
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(picture.AsSpan(at + 4), length);
        }
        else
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(picture.AsSpan(at), length);
        }

        var search = Task.Run(() => ExifOrientation.Parse(picture, demuxer), TestContext.Current.CancellationToken);
        Assert.Null(await search.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }
}
