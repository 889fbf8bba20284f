using LatentSync.Imaging;
using LatentSync.Media;
using LatentSync.TestKit;

namespace LatentSync.EndToEndTests.Media;

/// <summary>Recordings that are joined, so that their clocks start again or jump: the frames go on as if nothing had happened.</summary>
public sealed class ClockTests : IDisposable
{
    private const string Film = "-f lavfi -i testsrc=s=160x120:r=25:d=1.2 -f lavfi -i sine=r=48000:d=1.2";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("ts", "-c:v libx264 -pix_fmt yuv420p -c:a aac", "")]
    [InlineData("ts", "-c:v libx264 -pix_fmt yuv420p -an", "")]
    [InlineData("ts", "-c:v libx264 -pix_fmt yuv420p -an", "-output_ts_offset 8")]
    [InlineData("ts", "-c:v mpeg2video -c:a mp2", "-output_ts_offset 5000")]
    [InlineData("vob", "-c:v mpeg2video -c:a mp2", "")]
    [InlineData("mpg", "-c:v mpeg1video -an", "")]
    [InlineData("mkv", "-c:v libx264 -pix_fmt yuv420p -c:a aac", "")]
    [InlineData("avi", "-c:v mpeg4 -c:a libmp3lame", "")]
    [InlineData("nut", "-c:v mpeg4 -c:a pcm_s16le", "")]
    public async Task JoinedFiles_GoOn(string extension, string encoder, string offset)
    {
        var starts = await StartsAsync(await JoinAsync(extension, encoder, offset));
        Assert.InRange(starts.Count, 59, 65);
        Assert.All(starts.Zip(starts.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 0.038, 0.085));
        Assert.InRange(starts[^1] - starts[0], 2.34, 2.6);
    }

    /// <summary>Theora's headers in the middle are taken for frames; the picture stands for as long.</summary>
    [Fact]
    public async Task ChainedOgg_GoesOn()
    {
        var starts = await StartsAsync(await JoinAsync("ogv", "-c:v libtheora -c:a libvorbis", ""));
        Assert.Equal(60, starts.Count);
        Assert.All(starts.Zip(starts.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 0.039, 0.17));
    }

    /// <summary>The sound of the same files: all of it, one after the other.</summary>
    [Theory]
    [InlineData("ts", "-c:v mpeg2video -c:a mp2", "")]
    [InlineData("ts", "-c:v mpeg2video -c:a mp2", "-output_ts_offset 8")]
    [InlineData("vob", "-c:v mpeg2video -c:a ac3", "")]
    [InlineData("ogg", "-vn -c:a libvorbis", "")]
    [InlineData("ogg", "-vn -c:a libopus", "")]
    [InlineData("opus", "-vn -c:a libopus", "")]
    [InlineData("ogg", "-vn -ac 2 -c:a libopus -frame_duration 60", "")]
    [InlineData("ogg", "-vn -c:a flac", "")]
    [InlineData("ogg", "-vn -ar 16000 -c:a libspeex", "")]
    [InlineData("mka", "-vn -c:a flac", "")]
    public async Task JoinedSounds_GoOn(string extension, string encoder, string offset)
    {
        var samples = await AudioReader.ReadMonoAsync(await JoinAsync(extension, encoder, offset), TestMedia.Token);
        Assert.InRange(samples.Length, 2.35 * AudioReader.SampleRate, 2.56 * AudioReader.SampleRate);
        var silent = samples.Skip(1600).Take(samples.Length - 3200).Chunk(160).Count(part => part.All(sample => Math.Abs((int)sample) < 100));
        Assert.InRange(silent, 0, 12);
    }

    /// <summary>Time went on while packets were lost: the picture stands.</summary>
    [Fact]
    public async Task AShortLoss_IsAPause()
    {
        var starts = await StartsAsync(await JoinAsync("ts", "-c:v libx264 -pix_fmt yuv420p -an", "-output_ts_offset 2.2"));
        Assert.Equal(60, starts.Count);
        Assert.InRange(starts[30] - starts[29], 0.9, 1.1);
    }

    /// <summary>The second file is the first, or one like it with its clock moved ahead.</summary>
    private async Task<string> JoinAsync(string extension, string encoder, string offset)
    {
        var first = await TestMedia.MakeAsync(_folder.File("1." + extension), $"{Film} {encoder}");
        var second = offset.Length == 0 ? first : await TestMedia.MakeAsync(_folder.File("2." + extension), $"{Film} {encoder} {offset}");
        var joined = _folder.File("joined." + extension);
        await File.WriteAllBytesAsync(joined, [.. await File.ReadAllBytesAsync(first, TestMedia.Token), .. await File.ReadAllBytesAsync(second, TestMedia.Token)], TestMedia.Token);
        return joined;
    }

    private static async Task<List<double>> StartsAsync(string path)
    {
        var video = (await MediaProbe.ProbeAsync(path, TestMedia.Token)).RequireVideo();
        await using var reader = await VideoReader.OpenAsync(path, video, new VideoReadOptions { FrameRate = null }, TestMedia.Token);
        var image = new RgbImage(video.DisplayWidth, video.DisplayHeight);
        List<double> starts = [];
        while (await reader.ReadAsync(image, TestMedia.Token))
        {
            starts.Add((double)reader.Start / video.SourceClock!.Value.TicksPerSecond);
        }

        return starts;
    }
}
