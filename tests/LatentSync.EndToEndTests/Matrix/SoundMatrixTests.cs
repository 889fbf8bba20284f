using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using LatentSync.Media.Ffmpeg;
using LatentSync.Media.Probe;
using LatentSync.Media.Read;
using LatentSync.Media.Sound;
using LatentSync.Media.Write;
using LatentSync.TestKit;
using LatentSync.Timeline;
using TestMedia = LatentSync.EndToEndTests.Media.TestMedia;

namespace LatentSync.EndToEndTests.Matrix;

/// <summary>
/// Every kind of sound file that this ffmpeg can write: what the model hears and what a player hears of the result lie at the
/// same time, and where the sound itself is.
/// </summary>
public sealed class SoundMatrixTests : IDisposable
{
    private const int Rate = AudioReader.SampleRate;
    private const double Seconds = 4;
    private const int Tolerance = 5;

    // The hole is where nothing sounds, so that a file with it sounds as one without, if it is read rightly.
    private const double HoleFrom = 1.15;
    private const double HoleTo = 2.05;
    private const double EditStart = 0.5;

    private static readonly (double From, double To)[] Bursts = [(0.6, 0.75), (0.8, 0.9), (1.0, 1.05), (2.2, 2.3), (2.45, 2.75), (3.1, 3.2), (3.5, 3.75)];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Explicit = true)]
    public async Task HeardAndWritten_AreAtTheSameTime()
    {
        var pictures = await TestMedia.MakeAsync(_folder.File("pictures.mp4"), Invariant($"-f lavfi -i color=s=16x16:r=25:d={Seconds} -c:v libx264"));
        await new SourceMatrix("sounds.md").RunAsync(
            SoundPair.All,
            MakeAsync,
            MediaProbe.ProbeAsync,
            (pair, shape, media) => MeasureAsync(pair, shape, media, pictures),
            atLeast: (190, 14)
        );
    }

    /// <summary>Heard and written lag in ms.</summary>
    private async Task<(string Cell, string? Mistake)> MeasureAsync(SoundPair pair, SourceShape shape, MediaInfo media, string pictures)
    {
        var start = shape == SourceShape.EditList ? EditStart : 0;
        var samples = await AudioReader.ReadMonoAsync(media.Path, TestMedia.Token);
        var heard = Lag(samples, start);
        List<int> written = [];
        foreach (var extension in (string[])[".mp4", ".mkv"])
        {
            written.Add(Lag(await WriteAsync(media, pictures, extension), start));
        }

        // Vorbis, Speex and MP3 end with a packet; what comes before the sound is counted too.
        var length = ((double)samples.Length / Rate) + start + (shape == SourceShape.Constant ? 0 : pair.Lost);
        var expected = shape == SourceShape.LateStart ? pair.LateLag ?? pair.Lag : pair.Lag;
        return (
            Invariant($"{Math.Abs(heard)} / {string.Join(", ", written.Select(Math.Abs))}"),
            length is < Seconds - 0.1 or > Seconds + 0.12 ? Invariant($"{length:0.000} s were heard.")
            : Math.Abs(heard - expected) > Tolerance || written.Any(lag => Math.Abs(lag - heard) > Tolerance)
                ? Invariant($"heard {heard} ms late instead of {expected}, written {string.Join(" and ", written)} ms.")
            : null
        );
    }

    private async Task<string?> MakeAsync(SoundPair pair, SourceShape shape)
    {
        var sum = string.Join('+', Bursts.Select(burst => Invariant($"between(t,{burst.From},{burst.To})")));
        var path = _folder.File("source." + pair.Extension);
        var whole = _folder.File("whole." + pair.Extension);
        if (shape == SourceShape.LateStart && !pair.KeepsStart)
        {
            return null;
        }

        var constant = shape is SourceShape.Constant or SourceShape.LateStart ? path : whole;

        // As it may be that this ffmpeg lacks the encoder, that is no mistake.
        if (
            !await SourceMatrix.MakeAsync([
                "-f",
                "lavfi",
                "-i",
                Invariant($"aevalsrc='0.5*sin(3800*t)*({sum})':s=48000:d={Seconds}"),
                .. pair.Encoder.Split(' '),
                .. shape == SourceShape.LateStart ? (string[])["-output_ts_offset", "0.7"] : [],
                constant,
            ])
        )
        {
            return null;
        }

        switch (shape)
        {
            case SourceShape.Constant or SourceShape.LateStart:
                return path;
            case SourceShape.EditList:
                return
                    pair.Extension is "mp4" or "m4a" or "mov"
                    && await SourceMatrix.MakeAsync(["-ss", Invariant($"{EditStart}"), "-i", whole, "-c", "copy", path])
                    ? path
                    : null;
            case SourceShape.Variable:
                return
                    pair.KeepsTimes
                    && pair.Extension is "mka" or "webm"
                    && await SourceMatrix.MakeAsync(["-i", whole, "-c", "copy", "-bsf:a", "setts=ts='TS+mod(N*7,5)'", path])
                    ? path
                    : null;
            default:
                // The filter knows times in ticks of the result only.
                var hole = await HoleAsync(whole);
                var drop = Invariant($"noise=drop='between(n,{hole.From},{hole.To})'");
                return pair.KeepsTimes && await SourceMatrix.MakeAsync(["-i", whole, "-c", "copy", "-bsf:a", drop, path]) ? path : null;
        }
    }

    /// <summary>Numbers of the packets that lie in the hole.</summary>
    private static async Task<(int From, int To)> HoleAsync(string path)
    {
        string[] arguments = ["-v", "error", "-select_streams", "a:0", "-show_entries", "packet=pts_time", "-of", "csv=p=0", "file:" + path];
        var result = await ToolRun.RunAsync(TestMedia.Tools.Launcher, TestMedia.Tools.FfprobePath, arguments, 1 << 24, TestMedia.Token);
        var times = Encoding
            .ASCII.GetString(result.Output)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => double.TryParse(line.Split(',')[0], CultureInfo.InvariantCulture, out var time) ? time : 0)
            .ToList();
        var start = times.Count > 0 ? Math.Max(0, times[0]) : 0;
        return (times.FindIndex(time => time - start > HoleFrom), times.FindLastIndex(time => time - start < HoleTo - 0.1));
    }

    /// <summary>The sound of a result, as a program reads it that knows nothing of times.</summary>
    private async Task<short[]> WriteAsync(MediaInfo media, string pictures, string extension)
    {
        var path = _folder.File("result" + extension);
        var options = new VideoWriteOptions
        {
            Path = path,
            Width = 16,
            Height = 16,
            Clock = FrameClock.Model,
        };
        var sound = await SoundTrial.ResolveAsync(TestMedia.Tools, media, path, TestMedia.Token);
        var arguments = VideoWriteCommand.Mux(options, VideoWriteCommand.Whole(options, pictures), sound, SoundEdit.None, new LastFrame(99, 100), path);
        var mux = await ToolRun.RunAsync(TestMedia.Tools.Launcher, TestMedia.Tools.FfmpegPath, arguments, 1000, TestMedia.Token);
        Assert.True(mux.ExitCode == 0, mux.LastWords);
        string[] decode = ["-v", "error", "-i", "file:" + path, "-map", "0:a:0", "-ar", Invariant($"{Rate}"), "-ac", "1", "-f", "s16le", "pipe:1"];
        var result = await ToolRun.RunAsync(TestMedia.Tools.Launcher, TestMedia.Tools.FfmpegPath, decode, 1 << 24, TestMedia.Token);
        return MemoryMarshal.Cast<byte, short>(result.Output).ToArray();
    }

    /// <summary>By how many milliseconds the loudness lies behind what was written, before the hole or after it: the larger of both.</summary>
    private static int Lag(short[] samples, double start)
    {
        const int perMillisecond = Rate / 1000;
        var loudness = new double[(int)(Seconds * 1000) + 1000];
        for (var i = 0; i < samples.Length / perMillisecond && i < loudness.Length; i++)
        {
            loudness[i] = samples.AsSpan(i * perMillisecond, perMillisecond).ToArray().Average(sample => Math.Abs((double)sample));
        }

        var lags = new[] { Bursts[..3], Bursts[3..] }.Select(part => Enumerable.Range(-300, 601).MaxBy(lag => part.Sum(burst => Match(burst, lag))));
        return lags.MaxBy(Math.Abs);

        // What is loud where it should be, less what is loud beside it.
        double Match((double From, double To) burst, int lag)
        {
            var (from, to) = ((int)Math.Round((burst.From - start) * 1000) + lag, (int)Math.Round((burst.To - start) * 1000) + lag);
            return Sum(from, to) - Sum(from - 20, from) - Sum(to, to + 20);
        }

        double Sum(int from, int to) => loudness.AsSpan(Math.Clamp(from, 0, loudness.Length)..Math.Clamp(to, 0, loudness.Length)).ToArray().Sum();
    }
}
