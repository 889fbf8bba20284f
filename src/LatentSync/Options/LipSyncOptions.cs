namespace LatentSync;

/// <summary>How a video is lip-synced. The names on the command line are the same with dashes.</summary>
public sealed record LipSyncOptions
{
    private const int LongestPadding = 60;
    private const double ShortestQuiet = 0.5;

    // The longest sound that is read.
    private const int LatestStart = 12 * 60 * 60;
    private const int LowestLevel = -60;
    private const int HighestLevel = 12;

    /// <summary>Frames per clip given to the model: 4 to 32 in steps of 4, default 16. Above 24 a clip runs as two equal clips.</summary>
    public int NumFrames { get; init; } = 16;

    /// <summary>DeepCache: a full step of the network every so many denoising steps; 1 to 10, default 3, 1 = off.</summary>
    public int CacheInterval { get; init; } = 3;

    /// <summary>Denoising (DDIM) steps: 1 to 999, default 20.</summary>
    public int InferenceSteps { get; init; } = 20;

    /// <summary>Guidance scale, how strongly the lips follow the sound: 1.0 to 3.0, default 1.5. 1.0 halves the work.</summary>
    public double LipsExpression { get; init; } = 1.5;

    /// <summary>Seed of the noise, default 1247. The noise depends on nothing else: not on the clip size, not on the device.</summary>
    public ulong Seed { get; init; } = 1247;

    /// <summary>Whose mouth is painted; default <see cref="FaceChoice.Largest"/>.</summary>
    public FaceChoice Face { get; init; } = FaceChoice.Largest;

    /// <summary>The longest gap, in frames at 25 per second, over which a missing face is painted where it must be: 0 (none) to 25, default 5.</summary>
    public int BridgeFrames { get; init; } = 5;

    /// <summary>
    /// Makes it an error if the chosen face is missing or turned away in a frame and no bridge covers it, or if an input is
    /// broken off or damaged; nothing is written then.
    /// </summary>
    public bool Strict { get; init; }

    /// <summary>What the mouth does while nobody speaks in the sound, by default what the model makes of it.</summary>
    public QuietMouth QuietMouth { get; init; }

    /// <summary>How long, in seconds, nobody must speak before <see cref="QuietMouth"/> counts: 0.5 to 60, default 1.</summary>
    public double QuietAfter { get; init; } = 1;

    /// <summary>
    /// Reproduces the public Python implementation, with its known faults: whole-pixel landmarks, a cut in the audio
    /// features every 30 s, the whole crop pasted back, a frame or two more than the sound has,
    /// the largest face of each frame without regard to cuts and gaps; <see cref="BridgeFrames"/> has no effect then.
    /// </summary>
    public bool Parity { get; init; }

    /// <summary>What decides how long the result is, by default the sound.</summary>
    public LipSyncLength Length { get; init; }

    /// <summary>What the video does when it ends before the sound, by default <see cref="LipSyncLoop.PingPong"/>.</summary>
    public LipSyncLoop Loop { get; init; }

    /// <summary>Seconds of silence after the sound, during which the video goes on with a resting mouth: 0 to 60, default 0.</summary>
    public double SilentPadding { get; init; }

    /// <summary>Seconds of the sound that are skipped, default 0; cut to the sample.</summary>
    public double AudioStart { get; init; }

    /// <summary>Which sound track of the sound file is used, from 1; null, the default, takes the one that the file marks as default, else the first.</summary>
    public int? AudioTrack { get; init; }

    /// <summary>Which picture track of the video is used, from 1, cover art not counted; null, the default, as for <see cref="AudioTrack"/>.</summary>
    public int? VideoTrack { get; init; }

    /// <summary>
    /// Level in dB of the video's own sound under the given one: -60 to 12; null, the default, leaves it out. It starts
    /// over with every pass of the video, and is silent while <see cref="LipSyncLoop.Freeze"/> stands still.
    /// </summary>
    public double? MixLevel { get; init; }

    /// <summary>
    /// Frames per second of the result; null, the default, gives every frame of the video at its own time. A picture, and
    /// <see cref="Parity"/>, have 25.
    /// </summary>
    public FrameRate? FrameRate { get; init; }

    /// <summary>How the pictures are encoded.</summary>
    public VideoEncoding Encoding { get; init; } = new();

    /// <summary>All that is wrong with the options, one sentence each; empty if nothing is.</summary>
    public IReadOnlyList<string> Validate()
    {
        var mistakes = new List<string>();
        if (NumFrames is < 4 or > 32 || NumFrames % 4 != 0)
        {
            mistakes.Add(Invariant($"--num-frames is {NumFrames}; it must be 4, 8, 12, 16, 20, 24, 28 or 32."));
        }

        if (CacheInterval is < 1 or > 10)
        {
            mistakes.Add(Invariant($"--cache-interval is {CacheInterval}; it must be from 1 to 10."));
        }

        if (InferenceSteps is < 1 or > 999)
        {
            mistakes.Add(Invariant($"--inference-steps is {InferenceSteps}; it must be from 1 to 999."));
        }

        if (LipsExpression is not (>= 1 and <= 3))
        {
            mistakes.Add(Invariant($"--lips-expression is {LipsExpression}; it must be from 1.0 to 3.0."));
        }

        if (BridgeFrames is < 0 or > 25)
        {
            mistakes.Add(Invariant($"--bridge-frames is {BridgeFrames}; it must be from 0 to 25."));
        }

        if (Parity && Face != FaceChoice.Largest)
        {
            mistakes.Add("--parity takes the largest face of each frame, as the public implementation does; leave out --face or --parity.");
        }

        if (FrameRate == default(FrameRate))
        {
            mistakes.Add("The frame rate is empty; leave it null for that of the video, or give frames per second.");
        }
        else if (Parity && FrameRate is { } rate && rate != LatentSync.FrameRate.Model)
        {
            mistakes.Add($"--fps is {rate}, but --parity has 25 frames per second, as the public implementation; leave out one of them.");
        }

        if (!Enum.IsDefined(QuietMouth))
        {
            mistakes.Add(Invariant($"The quiet mouth {(int)QuietMouth} is unknown; use values of QuietMouth."));
        }

        if (QuietAfter is not (>= ShortestQuiet and <= LongestPadding))
        {
            mistakes.Add(Invariant($"--quiet-after is {QuietAfter}; it must be from {ShortestQuiet} to {LongestPadding} seconds."));
        }

        if (Parity && QuietMouth != QuietMouth.Model)
        {
            mistakes.Add("--parity hears what the public implementation hears; leave out --quiet-mouth or --parity.");
        }

        AddLengthMistakes(mistakes);
        mistakes.AddRange(Encoding.Validate());
        return mistakes;
    }

    private void AddLengthMistakes(List<string> mistakes)
    {
        if (!Enum.IsDefined(Length) || !Enum.IsDefined(Loop))
        {
            mistakes.Add(Invariant($"The length {(int)Length} or the loop {(int)Loop} is unknown; use values of LipSyncLength and LipSyncLoop."));
        }

        if (SilentPadding is not (>= 0 and <= LongestPadding))
        {
            mistakes.Add(Invariant($"--silent-padding is {SilentPadding}; it must be from 0 to {LongestPadding} seconds."));
        }

        if (AudioStart is not (>= 0 and <= LatestStart))
        {
            mistakes.Add(Invariant($"--audio-start is {AudioStart}; it must be from 0 to {LatestStart} seconds."));
        }

        if (AudioTrack < 1)
        {
            mistakes.Add(Invariant($"--audio-track is {AudioTrack}; tracks count from 1."));
        }

        if (VideoTrack < 1)
        {
            mistakes.Add(Invariant($"--video-track is {VideoTrack}; tracks count from 1."));
        }

        if (MixLevel is not (null or (>= LowestLevel and <= HighestLevel)))
        {
            mistakes.Add(Invariant($"--mix is {MixLevel}; it must be from {LowestLevel} to {HighestLevel} dB."));
        }

        if (Length == LipSyncLength.Video && SilentPadding > 0)
        {
            mistakes.Add("--silent-padding has no place with --length video, where silence follows the sound anyway; leave one of them out.");
        }

        if (Parity && (Length != LipSyncLength.Audio || Loop != LipSyncLoop.PingPong || SilentPadding > 0))
        {
            mistakes.Add("--parity has the reference's length, which is --length audio with --loop pingpong and no --silent-padding; leave these out.");
        }
    }
}
