using System.Text;
using LatentSync.Imaging;
using LatentSync.Media.Ffmpeg;
using LatentSync.Media.Probe;
using LatentSync.Media.Read;
using LatentSync.TestKit;

namespace LatentSync.EndToEndTests.Media;

/// <summary>Small media files made on the spot, and ways to look at them.</summary>
internal static class TestMedia
{
    private const string Rendered = "rendered";

    /// <summary>The names of videos of a person who talks, for <see cref="TalkAsync"/>.</summary>
    public static TheoryData<string> Talks { get; } = TestKit.TestMedia.Talk1 is null ? [Rendered] : [Rendered, "real"];

    /// <summary>No file here takes longer to make; a generator without an end would run for ever.</summary>
    private static readonly TimeSpan MakeLimit = TimeSpan.FromSeconds(30);

    public static MediaTools Tools { get; } = MediaTools.Locate();

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Runs ffmpeg with arguments divided by spaces, then one last argument that may hold spaces itself.</summary>
    public static async Task<string> MakeAsync(string path, string arguments)
    {
        string[] all = ["-v", "error", "-nostdin", "-y", .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), "file:" + path];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(MakeLimit);
        var result = await ToolRun.RunAsync(Tools.Launcher, Tools.FfmpegPath, all, 1 << 20, limit.Token);
        Assert.True(result.ExitCode == 0, result.LastWords);
        return path;
    }

    public static async Task<VideoReader> OpenAsync(string path, VideoReadOptions options)
    {
        var media = await MediaProbe.ProbeAsync(path, Token);
        return await VideoReader.OpenAsync(path, media.RequireVideo(), options, Token);
    }

    public static async Task<List<byte[]>> ReadFramesAsync(string path, VideoReadOptions options)
    {
        var video = (await MediaProbe.ProbeAsync(path, Token)).RequireVideo();
        await using var reader = await VideoReader.OpenAsync(path, video, options, Token);
        var image = new RgbImage(video.DisplayWidth, video.DisplayHeight);
        List<byte[]> frames = [];
        while (await reader.ReadAsync(image, Token))
        {
            frames.Add((byte[])image.Pixels.Clone());
        }

        return frames;
    }

    /// <summary>One short fingerprint a frame, so that long videos can be compared.</summary>
    public static async Task<List<string>> HashFramesAsync(string path, VideoReadOptions options)
    {
        var video = (await MediaProbe.ProbeAsync(path, Token)).RequireVideo();
        await using var reader = await VideoReader.OpenAsync(path, video, options, Token);
        var image = new RgbImage(video.DisplayWidth, video.DisplayHeight);
        List<string> hashes = [];
        while (await reader.ReadAsync(image, Token))
        {
            hashes.Add(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(image.Pixels)));
        }

        return hashes;
    }

    /// <summary>Peak signal to noise of 8-bit values, in dB.</summary>
    public static double Psnr(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        Assert.Equal(a.Length, b.Length);
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            var difference = a[i] - b[i];
            sum += difference * difference;
        }

        return 10 * Math.Log10(255.0 * 255.0 * a.Length / Math.Max(sum, 1e-9));
    }

    /// <summary>A picture with soft colour changes and a moving edge.</summary>
    public static RgbImage Picture(int width, int height, int frame)
    {
        var image = new RgbImage(width, height);
        for (var y = 0; y < height; y++)
        {
            var row = image.Row(y);
            for (var x = 0; x < width; x++)
            {
                row[(x * 3) + 0] = (byte)(255 * x / width);
                row[(x * 3) + 1] = (byte)(255 * y / height);
                row[(x * 3) + 2] = (byte)(x < (frame * 4) % width ? 200 : 60);
            }
        }

        return image;
    }

    /// <summary>Turns the pictures of an MP4 without touching them, by writing the matrix of its video track.</summary>
    public static void SetRotation(string path, int clockwise)
    {
        var (a, b) = clockwise switch
        {
            90 => (0, 1),
            180 => (-1, 0),
            270 => (0, -1),
            _ => throw new ArgumentOutOfRangeException(nameof(clockwise)),
        };
        const int one = 1 << 16;
        const int matrixOffset = 44;
        var bytes = File.ReadAllBytes(path);
        var header = bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes("tkhd"));
        Assert.True(header > 0);
        int[] matrix = [a * one, b * one, 0, -b * one, a * one, 0, 0, 0, 1 << 30];
        for (var i = 0; i < matrix.Length; i++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(header + matrixOffset + (4 * i)), matrix[i]);
        }

        File.WriteAllBytes(path, bytes);
    }

    /// <summary>Ten seconds of a person who talks, as phones record them: 250 frames of HEVC, and AAC at 44.1 kHz.</summary>
    public static async Task<string> TalkAsync(TemporaryFolder folder, string name)
    {
        if (name != Rendered)
        {
            return TestKit.TestMedia.Talk1!;
        }

        var copy = folder.File("talk.mp4");
        string[] arguments =
        [
            "-v",
            "error",
            "-nostdin",
            "-stream_loop",
            "-1",
            "-i",
            TestKit.TestMedia.Speaker,
            "-stream_loop",
            "-1",
            "-i",
            TestKit.TestMedia.Voice,
            "-frames:v",
            "250",
            "-t",
            "10",
            "-c:v",
            "libx265",
            "-preset",
            "veryfast",
            "-x265-params",
            "bframes=4:log-level=none",
            "-c:a",
            "aac",
            "-ar",
            "44100",
            copy,
        ];
        var result = await ToolRun.RunAsync(Tools.Launcher, Tools.FfmpegPath, arguments, 1 << 20, Token);
        Assert.True(result.ExitCode == 0, result.LastWords);
        return copy;
    }
}
