namespace LatentSync;

/// <summary>How a video file is lip-synced: what matters only where inputs and result are files comes in addition.</summary>
public sealed record LipSyncFileOptions : LipSyncOptions
{
    // The longest sound that is read.
    private const int LatestStart = 12 * 60 * 60;
    private const double ShortestSound = 0.1;
    private const int SmallestPicture = 64;
    private const int LargestSide = 16384;
    private const int LowestLevel = -60;
    private const int HighestLevel = 12;

    /// <summary>Seconds of the sound that are skipped, default 0; cut to the sample.</summary>
    public double AudioStart { get; init; }

    /// <summary>Seconds of the sound that are used from <see cref="AudioStart"/> on; null, the default, uses all of it.</summary>
    public double? AudioDuration { get; init; }

    /// <summary>Seconds of silence before the sound, default 0, so that it begins later than the video.</summary>
    public double AudioDelay { get; init; }

    /// <summary>
    /// Seconds of the video that are skipped, default 0: it begins with the first frame that is shown from then on, and frame
    /// numbers, as of <see cref="FaceChoice"/>, count from there.
    /// </summary>
    public double VideoStart { get; init; }

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
    /// <see cref="LipSyncOptions.Parity"/>, have 25.
    /// </summary>
    public FrameRate? FrameRate { get; init; }

    /// <summary>
    /// Pixels of the longer side, 64 to 16384, to which a larger picture is reduced that takes the place of a video; null, the
    /// default, keeps its size. A video keeps its size always.
    /// </summary>
    public int? LargestPicture { get; init; }

    /// <summary>How the pictures are encoded.</summary>
    public VideoEncoding Encoding { get; init; } = new();

    /// <inheritdoc/>
    public override IReadOnlyList<OptionMistake> Validate() => [.. base.Validate(), .. FileMistakes(), .. Encoding.Validate()];

    private IEnumerable<OptionMistake> FileMistakes()
    {
        foreach (var (name, seconds) in new[] { (nameof(AudioStart), AudioStart), (nameof(AudioDelay), AudioDelay), (nameof(VideoStart), VideoStart) })
        {
            if (seconds is not (>= 0 and <= LatestStart))
            {
                yield return OptionMistake.Of(name, seconds, $"it must be from 0 to {LatestStart} seconds");
            }
        }

        if (AudioDuration is not (null or (>= ShortestSound and <= LatestStart)))
        {
            yield return OptionMistake.Of(nameof(AudioDuration), AudioDuration, $"it must be from {ShortestSound} to {LatestStart} seconds");
        }

        if (AudioTrack < 1)
        {
            yield return OptionMistake.Of(nameof(AudioTrack), AudioTrack, $"tracks count from 1");
        }

        if (VideoTrack < 1)
        {
            yield return OptionMistake.Of(nameof(VideoTrack), VideoTrack, $"tracks count from 1");
        }

        if (LargestPicture is not (null or (>= SmallestPicture and <= LargestSide)))
        {
            yield return OptionMistake.Of(nameof(LargestPicture), LargestPicture, $"it must be from {SmallestPicture} to {LargestSide} pixels");
        }

        if (MixLevel is not (null or (>= LowestLevel and <= HighestLevel)))
        {
            yield return OptionMistake.Of(nameof(MixLevel), MixLevel, $"it must be from {LowestLevel} to {HighestLevel} dB");
        }

        if (FrameRate == default(FrameRate))
        {
            yield return new OptionMistake(
                nameof(FrameRate),
                FrameRate,
                $"The frame rate is empty; leave it null for that of the video, or give frames per second."
            );
        }
        else if (Parity && FrameRate is { } rate && rate != LatentSync.FrameRate.Model)
        {
            var (fps, parity) = (new OptionReference(nameof(FrameRate)), new OptionReference(nameof(Parity)));
            yield return new OptionMistake(
                nameof(FrameRate),
                rate,
                $"{fps} is {rate}, but {parity} has 25 frames per second, as the public implementation; leave out one of them."
            );
        }
    }
}
