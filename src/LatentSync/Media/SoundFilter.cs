namespace LatentSync.Media;

/// <summary>The ffmpeg filter graph of a <see cref="SoundEdit"/>. All cuts count samples, so none is off by rounding.</summary>
internal static class SoundFilter
{
    /// <summary>The label of the finished sound.</summary>
    public const string Output = "[sound]";

    /// <summary>A track that starts late or has gaps gets silence there, so that sample 0 is the file's time 0.</summary>
    private const string KeepStep = "async=1:first_pts=0";

    private const string CountSamples = "asetpts=N/SR/TB";

    /// <summary>The graph. Input 1 is the sound, input 2 the one mixed under it.</summary>
    /// <param name="sound">Its track.</param>
    /// <param name="isFromVideo">It lies beside pictures, with which it has to stay in step.</param>
    /// <param name="edit">What to do.</param>
    /// <param name="duration">Of the pictures; the result is exactly as long.</param>
    public static string Graph(AudioStreamInfo sound, bool isFromVideo, SoundEdit edit, TimeSpan duration)
    {
        var length = Samples(duration.TotalSeconds, sound.SampleRate);
        var step = isFromVideo ? $"aresample={KeepStep}," : "";
        var start = Samples(edit.Start, sound.SampleRate);
        var given = Invariant($"[1:{sound.Index}]{step}atrim=start_sample={start},{CountSamples},{Fill(length)}");
        return edit.Under is { } under
            ? $"{given},{Layout(sound)}[over];{Under(under, sound, length)}[under];[over][under]amix=inputs=2:duration=first:normalize=0{Output}"
            : given + Output;
    }

    private static string Under(SoundUnder under, AudioStreamInfo sound, long length)
    {
        var pass = under.PassTicks is { } ticks ? Pass((long)((Int128)ticks * sound.SampleRate / under.TicksPerSecond), under) : "";
        return Invariant($"[2:{under.Audio.Index}]aresample={sound.SampleRate}:{KeepStep},{Layout(sound)}{pass},{CountSamples},{Fill(length)},volume={under.Level}dB");
    }

    private static string Pass(long samples, SoundUnder under) => $",{Fill(samples)}{(under.StartsOver ? Invariant($",aloop=loop=-1:size={samples}") : "")}";

    /// <summary>Exactly so many samples: silence is added, or the end cut off.</summary>
    private static string Fill(long samples) => Invariant($"apad=whole_len={samples},atrim=end_sample={samples}");

    /// <summary>Left alone, the mixer might take the channels of the sound underneath.</summary>
    private static string Layout(AudioStreamInfo sound) => "aformat=channel_layouts=" + sound.Channels switch
    {
        1 => "mono",
        6 => "5.1",
        8 => "7.1",
        _ => "stereo",
    };

    private static long Samples(double seconds, int sampleRate) => (long)Math.Round(seconds * sampleRate);
}
