using System.Runtime.InteropServices;
using LatentSync.Media.Probe;
using LatentSync.Media.Read;
using LatentSync.TestKit;
using TestMedia = LatentSync.EndToEndTests.Media.TestMedia;

namespace LatentSync.EndToEndTests.Pipeline;

/// <summary>What the model hears and what the result plays lie at the same time, whatever the sound file is like.</summary>
public sealed class SoundTimeTests : IDisposable
{
    private const int Rate = 16000;

    // Half a second of tone in every second.
    private const string Beats = "-f lavfi -i aevalsrc='0.5*sin(4000*t)*between(mod(t,1),0,0.5)':s=48000:d=3";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Packets of one second are missing: there is silence, and what follows stays where it was.</summary>
    [Theory]
    [InlineData("gap.mka", "-c:a libopus", ".mp4")]
    [InlineData("gap.mka", "-c:a libopus", ".mkv", Explicit = true)]
    [InlineData("gap.mka", "-c:a aac", ".mov")]
    [InlineData("gap.mka", "-c:a pcm_s16le", ".mkv")]
    [InlineData("gap.m4a", "-c:a aac", ".mp4")]
    [InlineData("gap.m4a", "-c:a aac", ".mkv", Explicit = true)]
    public async Task AGap_IsSilence(string name, string encoder, string extension)
    {
        var whole = await TestMedia.MakeAsync(_folder.File("whole" + Path.GetExtension(name)), $"{Beats} {encoder}");
        var gap = Samples.Make("-i", whole, "-c", "copy", "-bsf:a", "noise=drop='gt(pts*tb,0.8)*lt(pts*tb,1.8)'", _folder.File(name));
        var result = await RunAsync(gap, extension);

        // AAC comes in packets of 1024 samples; some of the last are beyond 3 s.
        var (frames, beyond) = encoder.EndsWith("aac", StringComparison.Ordinal) ? (76, 500) : (75, 0);
        Assert.Equal((frames, frames / 25.0), (result.Frames, result.Duration.TotalSeconds));
        var (steady, heard) = (await AudioReader.ReadMonoAsync(whole, TestMedia.Token), await AudioReader.ReadMonoAsync(gap, TestMedia.Token));
        var written = Plain(result.Output);
        Assert.InRange(heard.Length, (3 * Rate) - 30, (3 * Rate) + beyond);
        foreach (var sound in (short[][])[heard, written])
        {
            Assert.True(Level(sound, 0.1, 0.4) > 3000);
            Assert.True(Level(sound, 0.9, 1.75) < 30);
            Assert.True(Level(sound, 2.1, 2.4) > 3000);
            Assert.True(Level(sound, 2.6, 2.9) < 30);
            Assert.InRange(FirstSample(sound, from: 1.9) - FirstSample(steady, from: 1.9), -80, 80);
        }
    }

    /// <summary>The times of the packets tremble, as those of a browser's recording: nothing is put in or thrown away for it.</summary>
    [Fact]
    public async Task TremblingTimes_LeaveTheSoundAlone()
    {
        var whole = await TestMedia.MakeAsync(_folder.File("whole.mka"), $"{Beats} -c:a libopus");
        var trembling = Samples.Make("-i", whole, "-c", "copy", "-bsf:a", "setts=ts='TS+mod(N*7,17)'", _folder.File("trembling.mka"));
        var (steady, heard) = (await AudioReader.ReadMonoAsync(whole, TestMedia.Token), await AudioReader.ReadMonoAsync(trembling, TestMedia.Token));
        Assert.InRange(FirstSample(heard, 1.9) - FirstSample(steady, 1.9), -160, 160);

        // Once the average is found, a tone continues without a crack: no large differences of differences.
        var smooth = Enumerable.Range((2 * Rate) + 1600, 4800).Max(i => Math.Abs(steady[i + 1] - (2 * steady[i]) + steady[i - 1]));
        Assert.All(Enumerable.Range((2 * Rate) + 1600, 4800), i => Assert.InRange(Math.Abs(heard[i + 1] - (2 * heard[i]) + heard[i - 1]), 0, 1.2 * smooth));
    }

    /// <summary>Small holes that stay are filled too.</summary>
    [Fact]
    public async Task OneLostPacket_IsFilled()
    {
        var whole = await TestMedia.MakeAsync(_folder.File("whole.mka"), $"{Beats} -c:a libopus");
        var lost = Samples.Make("-i", whole, "-c", "copy", "-bsf:a", "noise=drop='eq(n,35)'", _folder.File("lost.mka"));
        var heard = await AudioReader.ReadMonoAsync(lost, TestMedia.Token);
        Assert.InRange(FirstSample(heard, 1.9), (2 * Rate) - 80, (2 * Rate) + 80);
    }

    /// <summary>The encoder for AAC wants to know the places of the channels, which some codecs do not tell, and takes eight at most.</summary>
    [Theory]
    [InlineData("mono.tta", "-ac 1 -ar 16000 -c:a tta", ".mp4", "aac", 1)]
    [InlineData("mono.tta", "-ac 1 -ar 16000 -c:a tta", ".mkv", "aac", 1, Explicit = true)]
    [InlineData("mono.tta", "-ac 1 -ar 16000 -c:a tta", ".mov", "aac", 1, Explicit = true)]
    [InlineData("ten.wav", "-af pan=10C|c0=c0|c9=c0", ".mp4", "aac", 2)]
    [InlineData("ten.wav", "-af pan=10C|c0=c0|c9=c0", ".mkv", "pcm_s16le", 10)]
    [InlineData("seven.wav", "-af pan=7C|c0=c0|c6=c0", ".mp4", "aac", 7, Explicit = true)]
    [InlineData("sixteen.flac", "-af pan=5C|c0=c0|c4=c0", ".mov", "aac", 5, Explicit = true)]
    [InlineData("odd.wav", "-af pan=2.1|c0=c0|c1=c0|c2=c0", ".mp4", "aac", 3)]
    public async Task ChannelsWithoutPlaces_AreWritten(string name, string encoder, string extension, string codec, int channels)
    {
        var sound = await TestMedia.MakeAsync(_folder.File(name), $"-f lavfi -i sine=d=1.2:r=48000 {encoder}");
        var result = await RunAsync(sound, extension);
        Assert.Equal((30, 1.2), (result.Frames, result.Duration.TotalSeconds));
        var track = (await MediaProbe.ProbeAsync(result.Output, TestMedia.Token)).RequireAudio();
        Assert.Equal((codec, channels), (track.Codec, track.Channels));
        Assert.InRange(track.Duration?.TotalSeconds ?? 1.2, 1.19, 1.23);
        Assert.True(Level(Plain(result.Output), 0.2, 1) > 300);
    }

    /// <summary>Sound with a rate that the encoder does not take is as long in the result, and recordings that were joined as long as all of them.</summary>
    [Theory]
    [InlineData("rate.wav", "-ar 192000 -c:a pcm_s24le", 1, ".mp4", 30)]
    [InlineData("rate.wav", "-ar 6000 -c:a pcm_s16le", 1, ".mp4", 30, Explicit = true)]
    [InlineData("chain.opus", "-c:a libopus", 2, ".mp4", 60, Explicit = true)]
    [InlineData("chain.opus", "-c:a libopus", 4, ".mkv", 120)]
    public async Task TheSound_IsAsLongAsItIs(string name, string encoder, int times, string extension, int frames)
    {
        var one = await TestMedia.MakeAsync(_folder.File("one-" + name), $"-f lavfi -i sine=d=1.2:r=48000 {encoder}");
        var sound = _folder.File(name);
        var bytes = await File.ReadAllBytesAsync(one, TestMedia.Token);
        await File.WriteAllBytesAsync(sound, [.. Enumerable.Repeat(bytes, times).SelectMany(part => part)], TestMedia.Token);
        var result = await RunAsync(sound, extension);
        Assert.Equal((frames, frames / 25.0), (result.Frames, result.Duration.TotalSeconds));
        Assert.InRange(Plain(result.Output).Length / (double)Rate, (frames / 25.0) - 0.005, (frames / 25.0) + 0.07);
        Assert.True(Level(Plain(result.Output), 0.9 * times, 1.15 * times) > 1500);
    }

    /// <summary>A result in Matroska begins at 0, whatever its sound's encoder puts in front.</summary>
    [Theory]
    [InlineData("sound.m4a", "-c:a aac")]
    [InlineData("sound.mp3", "-c:a libmp3lame")]
    [InlineData("sound.ogg", "-c:a libvorbis", Explicit = true)]
    [InlineData("sound.wav", "-c:a pcm_s16le", Explicit = true)]
    [InlineData("sound.au", "-c:a pcm_mulaw", Explicit = true)]
    public async Task Matroska_BeginsAtZero(string name, string encoder)
    {
        var sound = await TestMedia.MakeAsync(_folder.File(name), $"{Beats} {encoder}");
        foreach (var options in (LipSyncFileOptions[])[new(), new() { Timing = new() { SilentPadding = 0.2 } }])
        {
            var result = await RunAsync(sound, ".mkv", options);
            var media = await MediaProbe.ProbeAsync(result.Output, TestMedia.Token);
            Assert.Equal((TimeSpan.Zero, TimeSpan.Zero), (media.StartTime, media.RequireVideo().StartTime));
            Assert.InRange(FirstSample(Plain(result.Output), 1.9), (2 * Rate) - 80, (2 * Rate) + 80);
            File.Delete(result.Output);
        }
    }

    private async Task<LipSyncResult> RunAsync(string sound, string extension, LipSyncFileOptions? options = null)
    {
        var video = _folder.File("pictures.mp4");
        if (!File.Exists(video))
        {
            await TestMedia.MakeAsync(video, "-f lavfi -i testsrc=s=160x120:r=25:d=1.2 -c:v libx264 -pix_fmt yuv420p");
        }

        var request = new LipSyncRequest
        {
            Video = video,
            Audio = sound,
            Output = _folder.File("result" + extension),
            Options = (options ?? new LipSyncFileOptions()) with { Sampling = new() { InferenceSteps = 1 } },
        };
        return await GreyJob.RunAsync(request);
    }

    /// <summary>As a program reads it that knows nothing of times.</summary>
    private short[] Plain(string path)
    {
        var raw = Samples.Make("-i", path, "-map", "0:a:0", "-ar", "16000", "-af", "pan=mono|c0=c0", "-f", "s16le", _folder.File("sound.raw"));
        return MemoryMarshal.Cast<byte, short>(File.ReadAllBytes(raw)).ToArray();
    }

    private static double Level(short[] sound, double from, double to) =>
        Math.Sqrt(sound[(int)(from * Rate)..(int)(to * Rate)].Average(sample => (double)sample * sample));

    /// <summary>Where the sound is loud again.</summary>
    private static int FirstSample(short[] sound, double from)
    {
        var start = (int)(from * Rate);
        return start + Array.FindIndex(sound[start..], sample => Math.Abs((int)sample) > 6000);
    }
}
