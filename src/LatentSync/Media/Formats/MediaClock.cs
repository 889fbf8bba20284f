namespace LatentSync.Media.Formats;

/// <summary>
/// The one owner of time in a source: every command that reads pictures or sound, decoded or copied, takes its clock from
/// here, so that all agree.
/// <para>
/// Time 0 is where the file begins. Where it says that it begins before its own 0, what lies there is an encoder's run-up,
/// and time 0 is its own. A clock that starts again in the middle (joined recordings, chained Ogg) continues instead. Packets
/// whose times only tremble, as those of screen and browser recordings, are played one after the other.
/// </para>
/// </summary>
internal static class MediaClock
{
    /// <summary>Seconds by which a frame or packet lies before the one ahead, from which on the clock has started again.</summary>
    private const double RestartSeconds = 0.5;

    /// <summary>
    /// Seconds by which the clock of a stream that may be joined of many (MPEG, Ogg) jumps ahead, from which on it has been set
    /// anew; less is taken for a loss in transmission, during which time passed.
    /// </summary>
    private const string Jump = "3";

    /// <summary>Sound that comes so much later or earlier than what was before it ends is moved there at once.</summary>
    public const double SoundJumpSeconds = 0.04;

    /// <summary>The same where it has been so, on average, for a while: less than this is the trembling of a clock.</summary>
    public const double SoundDriftSeconds = 0.004;

    /// <summary>What a decoder throws away at the beginning of each recording of a chain leaves a hole of less.</summary>
    private const double MostRunUpSeconds = 0.1;

    /// <summary>Seconds over which that average is taken.</summary>
    public const double SoundDriftMemory = 0.5;

    /// <summary>Many containers count milliseconds: holes are filled but for one, so that rounding never makes a sound longer than it is.</summary>
    private const double RoundingSeconds = 0.001;

    /// <summary>Silence goes in, or samples go out, where <see cref="SteadySound"/> has left a hole or an overlap, and before the first sample.</summary>
    private const string FollowTimes = "aresample=async=1:first_pts=0:min_hard_comp=0.002";

    /// <summary>
    /// ffmpeg's global options for pictures. Where frames are sought, times have to be those of the whole file wherever
    /// reading begins; elsewhere ffmpeg mends clocks that start again or jump, which it does not do when it is to keep times.
    /// </summary>
    public static IReadOnlyList<string> Pictures(VideoStreamInfo info) =>
        info.HasKeyFrameIndex || info.StillDemuxer is not null ? ["-copyts", "-start_at_zero"] : [];

    /// <summary>ffmpeg's options of an input: from where on a jump is mended, and its time 0.</summary>
    /// <param name="start">Where the file begins according to its header; null if it does not say.</param>
    public static IReadOnlyList<string> Input(TimeSpan? start) =>
        [
            "-dts_delta_threshold",
            Jump,
            .. start is { } time && time < TimeSpan.Zero ? (string[])["-itsoffset", time.TotalSeconds.ToString("0.######", CultureInfo.InvariantCulture)] : [],
        ];

    /// <summary>
    /// The filter that gives each frame its own time, but none before 0 nor before the one ahead of it: files that are damaged
    /// or badly made have such, and frames without a time, which follow the one ahead after the usual while.
    /// </summary>
    public static string RisingFrames(VideoStreamInfo info, Rational timeBase)
    {
        var seconds = (info.AverageFrameRate ?? info.BaseFrameRate)?.Inverse.Value ?? (1 / FrameRate.Model.Value);
        var step = Math.Max(1, (long)Math.Round(seconds / timeBase.Value));
        var restart = Math.Max(1, (long)Math.Round(RestartSeconds / timeBase.Value));
        var time = Moved(info.MovedBy, timeBase.Value);

        // 0: what is added since the clock started again; 1: the frame's time.
        return "setpts='if(isnan(PREV_OUTPTS),"
            + Invariant($"max(if(isnan(PTS),0,{time}),0),")
            + Invariant($"st(1,if(isnan(PTS),PREV_OUTPTS+{step},{time}+ld(0)));")
            + Invariant($"st(0,ld(0)+if(lt(ld(1),PREV_OUTPTS-{restart}),PREV_OUTPTS+{step}-ld(1),0));")
            + Invariant($"max(if(lt(ld(1),PREV_OUTPTS-{restart}),PREV_OUTPTS+{step},ld(1)),PREV_OUTPTS+1))'");
    }

    /// <summary>
    /// The filters after which sample 0 is time 0 and every sample is at its time: first those that mend the times, then silence
    /// where nothing is.
    /// </summary>
    public static string SteadySound(AudioStreamInfo sound) =>
        string.Concat(
            "asetpts='",
            // 0: where the sound so far ends; 1: average deviation; 2: what is added since the clock started again; 3: deviation,
            // then what is done about it.
            sound.IsChained
                ? "st(0,if(isnan(PREV_OUTPTS),0,ld(0)));"
                : Invariant($"st(0,if(isnan(PREV_OUTPTS),if(isnan(PTS),0,{Moved(sound.MovedBy, 1.0 / sound.SampleRate)}),ld(0)));"),
            Invariant($"st(3,if(isnan(PTS),0,{Moved(sound.MovedBy, 1.0 / sound.SampleRate)}+ld(2)-ld(0)));"),
            sound.IsChained
                ? Invariant($"st(4,lt(ld(3),-{RestartSeconds}*SR)+lt(abs(ld(3)),{MostRunUpSeconds}*SR));")
                : Invariant($"st(4,lt(ld(3),-{RestartSeconds}*SR));"),
            "st(2,ld(2)-ld(3)*ld(4));",
            "st(3,ld(3)*(1-ld(4)));",
            Invariant($"st(1,ld(1)+(ld(3)-ld(1))*min(1,NB_SAMPLES/({SoundDriftMemory}*SR)));"),
            Invariant(
                $"st(3,if(gt(abs(ld(3)),{SoundJumpSeconds}*SR),ld(3)-gt(ld(3),0)*{RoundingSeconds}*SR,if(gt(abs(ld(1)),{SoundDriftSeconds}*SR),ld(1),0)));"
            ),
            "st(1,if(ld(3),0,ld(1)));",
            "st(0,ld(0)+ld(3)+NB_SAMPLES);",
            "ld(0)-NB_SAMPLES',",
            FollowTimes
        );

    /// <summary>The time in a filter, with what ffmpeg has taken from it.</summary>
    private static string Moved(TimeSpan by, double tick) => by > TimeSpan.Zero ? Invariant($"PTS+{Math.Round(by.TotalSeconds / tick)}") : "PTS";
}
