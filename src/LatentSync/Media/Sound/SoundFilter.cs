using LatentSync.Media.Formats;

namespace LatentSync.Media.Sound;

/// <summary>
/// The ffmpeg filters of the sound, heard and written. Both begin alike, so that what the model hears and what the result
/// plays lie at the same time. All cuts count samples, so none is off by rounding.
/// </summary>
internal static class SoundFilter
{
    /// <summary>The label of the finished sound.</summary>
    public const string Output = "[sound]";

    /// <summary>The most channels that have places around the listener, and that encoders take.</summary>
    public const int MostPlaces = 8;

    private const string CountSamples = "asetpts=N/SR/TB";

    /// <summary>The filters of the sound that the model hears; one channel is made of it afterwards.</summary>
    public static string Heard(AudioStreamInfo sound) =>
        MediaClock.SteadySound(sound) + (sound.Channels > MostPlaces ? "," + Mean(sound.Channels, "mono") : "");

    /// <summary>The graph of the sound that is encoded for a result.</summary>
    /// <param name="input">Number of the input with the sound; the one that is mixed under it is the next.</param>
    /// <param name="sound">Its track.</param>
    /// <param name="edit">What to do.</param>
    /// <param name="layout">The channels' places in the result, in ffmpeg's names; null as they are.</param>
    /// <param name="duration">Of the pictures; the result is exactly as long.</param>
    public static string Graph(int input, AudioStreamInfo sound, SoundEdit edit, string? layout, TimeSpan duration)
    {
        var length = Samples(duration.TotalSeconds, sound.SampleRate);
        var start = Samples(edit.Start, sound.SampleRate);
        var end = edit.Length is { } used ? Invariant($":end_sample={start + Samples(used, sound.SampleRate)}") : "";
        var delay = edit.Delay > 0 ? Invariant($"adelay=delays={Samples(edit.Delay, sound.SampleRate)}S:all=1,") : "";
        var given =
            Invariant($"[{input}:{sound.Index}]{MediaClock.SteadySound(sound)}{AtItsRate(sound)}{Mixed(sound)}{Places(layout)},")
            + Invariant($"atrim=start_sample={start}{end},{CountSamples},{delay}{Fill(length)}");
        return edit.Under is { } under
            ? Invariant($"{given}{Places(Mixable(sound))}[over];[{input + 1}:{under.Audio.Index}]{Under(under, sound, length)}[under];")
                + $"[over][under]amix=inputs=2:duration=first:normalize=0{Output}"
            : given + Output;
    }

    /// <summary>The places of channels whose file does not name them; null where it does.</summary>
    public static string? Guess(AudioStreamInfo sound) =>
        sound.Layout is not null || sound.Channels > MostPlaces
            ? null
            : sound.Channels switch
            {
                1 => "mono",
                2 => "stereo",
                3 => "2.1",
                4 => "4.0",
                5 => "5.0",
                6 => "5.1",
                7 => "6.1",
                _ => "7.1",
            };

    private static string Under(SoundUnder under, AudioStreamInfo sound, long length)
    {
        var start = under.Start > 0 ? Invariant($",atrim=start_sample={Samples(under.Start, sound.SampleRate)},{CountSamples}") : "";
        var pass = under.PassTicks is { } ticks ? Pass((long)((Int128)ticks * sound.SampleRate / under.TicksPerSecond), under) : "";
        return Invariant($"{MediaClock.SteadySound(under.Audio)}{Mixed(under.Audio)},aresample={sound.SampleRate}{Places(Mixable(sound))}{start}{pass},")
            + Invariant($"{CountSamples},{Fill(length)},volume={under.Level}dB");
    }

    private static string Pass(long samples, SoundUnder under) => $",{Fill(samples)}{(under.StartsOver ? Invariant($",aloop=loop=-1:size={samples}") : "")}";

    /// <summary>Exactly so many samples: silence is added, or the end cut off.</summary>
    private static string Fill(long samples) => Invariant($"apad=whole_len={samples},atrim=end_sample={samples}");

    /// <summary>Samples are counted behind this; left alone, ffmpeg would give them the rate of an encoder that does not take that of the sound.</summary>
    private static string AtItsRate(AudioStreamInfo sound) => Invariant($",aformat=sample_rates={sound.SampleRate}");

    private static string Places(string? layout) => layout is null ? "" : ",aformat=channel_layouts=" + layout;

    /// <summary>Channels without a place of their own are heard on both sides.</summary>
    private static string Mixed(AudioStreamInfo sound) => sound.Channels > MostPlaces ? "," + Mean(sound.Channels, "stereo") : "";

    /// <summary>All channels in each of a few, as loud as before where all are alike.</summary>
    private static string Mean(int channels, string layout)
    {
        var sum = string.Join(
            '+',
            Enumerable.Range(0, channels).Select(channel => string.Create(CultureInfo.InvariantCulture, $"{1.0 / channels:0.######}*c{channel}"))
        );
        return layout == "mono" ? $"pan=mono|c0={sum}" : $"pan={layout}|c0={sum}|c1={sum}";
    }

    /// <summary>Left alone, the mixer might take the channels of the sound underneath.</summary>
    private static string Mixable(AudioStreamInfo sound) =>
        sound.Channels switch
        {
            1 => "mono",
            6 => "5.1",
            8 => "7.1",
            _ => "stereo",
        };

    private static long Samples(double seconds, int sampleRate) => (long)Math.Round(seconds * sampleRate);
}
