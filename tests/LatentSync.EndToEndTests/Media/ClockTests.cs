using LatentSync.Imaging;
using LatentSync.Media.Probe;
using LatentSync.Media.Read;
using LatentSync.Media.Write;
using LatentSync.TestKit;

namespace LatentSync.EndToEndTests.Media;

/// <summary>Recordings that are joined, so that their clocks start again or jump: the frames continue as if nothing had happened.</summary>
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

    /// <summary>A track that begins later than the other stays there, though it is read alone.</summary>
    [Theory]
    [InlineData("ts", "-c:v libx264 -bf 0 -pix_fmt yuv420p -c:a mp2")]
    [InlineData("ts", "-c:v mpeg2video -c:a aac")]
    [InlineData("mkv", "-c:v libx264 -pix_fmt yuv420p -c:a pcm_s16le")]
    public async Task TheLaterTrack_StaysLate(string extension, string encoder)
    {
        const string pictures = "-f lavfi -i testsrc=s=160x120:r=25:d=1.2";
        const string sound = "-f lavfi -i sine=r=48000:d=1.2";
        var late = await TestMedia.MakeAsync(_folder.File("pictures." + extension), $"{sound} -itsoffset 0.48 {pictures} -fps_mode vfr {encoder}");
        var starts = await StartsAsync(late);
        Assert.Equal(30, starts.Count);
        Assert.InRange(starts[0], 0.45, 0.53);
        Assert.InRange(starts[^1] - starts[0], 1.159, 1.161);

        late = await TestMedia.MakeAsync(_folder.File("sound." + extension), $"{pictures} -itsoffset 0.48 {sound} {encoder}");
        var samples = await AudioReader.ReadMonoAsync(late, TestMedia.Token);
        Assert.InRange(Array.FindIndex(samples, sample => Math.Abs((int)sample) > 500) / (double)AudioReader.SampleRate, 0.38, 0.53);
        Assert.False(
            (
                await SoundTrial.ResolveAsync(TestMedia.Tools, await MediaProbe.ProbeAsync(late, TestMedia.Token), _folder.File("a.mkv"), TestMedia.Token)
            ).IsCopied
        );
    }

    /// <summary>Time passed while packets were lost: the picture stands.</summary>
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
        await File.WriteAllBytesAsync(
            joined,
            [.. await File.ReadAllBytesAsync(first, TestMedia.Token), .. await File.ReadAllBytesAsync(second, TestMedia.Token)],
            TestMedia.Token
        );
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
