namespace LatentSync.Media;

/// <summary>The picture track of a file, as its header describes it. Headers may lie; only decoding tells the truth.</summary>
internal sealed record VideoStreamInfo
{
    /// <summary>The stream's index in its file.</summary>
    public required int Index { get; init; }

    /// <summary>ffmpeg's name of the codec.</summary>
    public required string Codec { get; init; }

    /// <summary>Columns as stored, before rotation.</summary>
    public required int Width { get; init; }

    /// <summary>Rows as stored, before rotation.</summary>
    public required int Height { get; init; }

    /// <summary>Clockwise degrees, 0 to 359, by which a stored picture is turned to stand upright.</summary>
    public int Rotation { get; init; }

    /// <summary>
    /// The rotation comes from a <c>rotate</c> tag alone. ffmpeg turns pictures by itself only when there is a display
    /// matrix, so the reader has to.
    /// </summary>
    public bool RotationIsFromTag { get; init; }

    /// <summary>Columns of the upright picture, in stored pixels.</summary>
    public int DisplayWidth => IsSideways ? Height : Width;

    /// <summary>Rows of the upright picture, in stored pixels.</summary>
    public int DisplayHeight => IsSideways ? Width : Height;

    /// <summary>Frames per second over the whole file; null if unknown.</summary>
    public Rational? AverageFrameRate { get; init; }

    /// <summary>The lowest frame rate that shows every frame on its grid; null if unknown.</summary>
    public Rational? BaseFrameRate { get; init; }

    /// <summary>Seconds of one tick of the stream's times; null if unknown, as of a picture.</summary>
    public Rational? TimeBase { get; init; }

    /// <summary>The clock on which the frames have their own times; null where they have none, as a picture.</summary>
    public FrameClock? SourceClock => StillDemuxer is null && TimeBase is { } timeBase
        ? new FrameClock(timeBase.Denominator, (AverageFrameRate ?? BaseFrameRate)?.Value ?? FrameSchedule.FramesPerSecond)
        : null;

    /// <summary>Frames according to the header; null if it does not say.</summary>
    public long? FrameCount { get; init; }

    /// <summary>Duration according to the header; null if it does not say.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Time of the first frame on the file's clock; null if unknown.</summary>
    public TimeSpan? StartTime { get; init; }

    /// <summary>ffmpeg's name of the pixel format.</summary>
    public string? PixelFormat { get; init; }

    /// <summary>Bits of one sample.</summary>
    public int BitDepth { get; init; } = 8;

    /// <summary>Width : height of one pixel of the upright picture; 1:1 if the file does not say.</summary>
    public Rational SampleAspectRatio { get; init; } = new(1, 1);

    /// <summary>What the file says about its colours.</summary>
    public ColorTags Color { get; init; } = ColorTags.None;

    /// <summary>The container has an index of key frames, so that a seek lands at or before the time asked for.</summary>
    public bool HasKeyFrameIndex { get; init; }

    /// <summary>ffmpeg's reader of the picture that this is; null for a video.</summary>
    public string? StillDemuxer { get; init; }

    private bool IsSideways => Rotation is 90 or 270;
}
