using System.Runtime.InteropServices;
using LatentSync.Media.Ffmpeg;
using LatentSync.Media.Read;
using LatentSync.TestKit;

namespace LatentSync.EndToEndTests.Media;

/// <summary>Sound arrives as 16 kHz mono, sample for sample as ffmpeg's plain conversion gives it.</summary>
public class AudioReaderTests
{
    [Theory]
    [InlineData("a.wav", "-ar 48000 -ac 2")]
    [InlineData("a.wav", "-ar 16000 -ac 1")]
    [InlineData("a.flac", "-ar 44100 -ac 2")]
    [InlineData("a.mp3", "-ar 44100 -ac 2")]
    [InlineData("a.m4a", "-ar 44100 -ac 2")]
    [InlineData("a.mka", "-ar 48000 -ac 6 -c:a libopus")]
    public async Task EqualsPlainConversion(string name, string arguments)
    {
        using var folder = new TemporaryFolder();
        var path = await TestMedia.MakeAsync(folder.File(name), $"-f lavfi -i aevalsrc=0.3*sin(1000*t*t):d=2.5 {arguments}");
        var samples = await AudioReader.ReadMonoAsync(path, TestMedia.Token);
        Assert.Equal(await PlainAsync(path), samples);
        Assert.InRange(samples.Length, 39900, 41000);
    }

    [Theory]
    [MemberData(nameof(TestMedia.Talks), MemberType = typeof(TestMedia))]
    public async Task TheTalkingPerson(string name)
    {
        using var folder = new TemporaryFolder();
        var talk = await TestMedia.TalkAsync(folder, name);
        Assert.Equal(await PlainAsync(talk), await AudioReader.ReadMonoAsync(talk, TestMedia.Token));
    }

    [Fact]
    public async Task LateStart_IsSilence()
    {
        using var folder = new TemporaryFolder();
        var path = await TestMedia.MakeAsync(
            folder.File("a.mkv"),
            "-f lavfi -i testsrc2=s=64x48:r=25:d=2 -itsoffset 0.5 -f lavfi -i sine=r=16000:d=1 -map 0 -map 1 -c:a pcm_s16le -c:v libx264 -pix_fmt yuv420p"
        );
        var samples = await AudioReader.ReadMonoAsync(path, TestMedia.Token);
        Assert.Equal(24000, samples.Length);
        Assert.All(samples[..7990], sample => Assert.Equal(0, sample));
        Assert.Contains(samples[8000..8200], sample => Math.Abs(sample) > 1000);
    }

    private static async Task<short[]> PlainAsync(string path)
    {
        string[] arguments = ["-v", "error", "-i", "file:" + path, "-map", "0:a:0", "-ar", "16000", "-ac", "1", "-f", "s16le", "pipe:1"];
        var result = await ToolRun.RunAsync(TestMedia.Tools.Launcher, TestMedia.Tools.FfmpegPath, arguments, 1 << 24, TestMedia.Token);
        Assert.True(result.ExitCode == 0, result.LastWords);
        return MemoryMarshal.Cast<byte, short>(result.Output).ToArray();
    }
}
