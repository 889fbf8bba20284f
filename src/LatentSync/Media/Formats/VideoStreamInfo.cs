using LatentSync.Media.Read;
using LatentSync.Timeline;

namespace LatentSync.Media.Formats;

/// <summary>The picture track of a file, as its header describes it. Headers may lie; only decoding tells the truth.</summary>
internal sealed record VideoStreamInfo
{
    // Anamorphic cinema scans have 2, DVDs and DV at most 1.46.
    private const double WidestPixel = 3;

    /// <summary>The stream's index in its file.</summary>
    public required int Index { get; init; }

    /// <summary>ffmpeg's name of the codec.</summary>
    public required string Codec { get; init; }

    /// <summary>The file marks it as the one to show where nothing is chosen.</summary>
    public bool IsDefault { get; init; }

    /// <summary>A codec of single pictures, in which covers are stored; some cameras record in one, too.</summary>
    public bool IsOfPictures => Codec is "mjpeg" or "png" or "bmp" or "tiff" or "webp" or "jpeg2000" or "gif";

    /// <summary>Columns as stored, before rotation.</summary>
    public required int Width { get; init; }

    /// <summary>Rows as stored, before rotation.</summary>
    public required int Height { get; init; }

    /// <summary>Clockwise degrees, 0 to 359, by which a stored picture is turned to stand upright.</summary>
    public int Rotation { get; init; }

    /// <summary>Before it is turned, left and right of a stored picture change places; only where <see cref="RotationIsFromTag"/>.</summary>
    public bool IsMirrored { get; init; }

    /// <summary>
    /// The rotation comes from a <c>rotate</c> tag or from a photograph's EXIF data. ffmpeg turns pictures by itself only
    /// when there is a display matrix, so the reader has to.
    /// </summary>
    public bool RotationIsFromTag { get; init; }

    /// <summary>Columns and rows to which the upright picture is reduced; null where it keeps its size.</summary>
    public (int Width, int Height)? Reduced { get; init; }

    /// <summary>Columns of the upright picture, in stored pixels unless it is reduced.</summary>
    public int DisplayWidth => Reduced?.Width ?? (IsSideways ? Height : Width);

    /// <summary>Rows of the upright picture, in stored pixels unless it is reduced.</summary>
    public int DisplayHeight => Reduced?.Height ?? (IsSideways ? Width : Height);

    /// <summary>Frames per second over the whole file; null if unknown.</summary>
    public Rational? AverageFrameRate { get; init; }

    /// <summary>The lowest frame rate that shows every frame on its grid; null if unknown.</summary>
    public Rational? BaseFrameRate { get; init; }

    /// <summary>Seconds of one tick of the stream's times; null if unknown, as of a picture.</summary>
    public Rational? TimeBase { get; init; }

    /// <summary>The clock on which the frames have their own times; null where they have none, as a picture.</summary>
    public FrameClock? SourceClock =>
        StillDemuxer is null && TimeBase is { } timeBase
            ? new FrameClock(timeBase.Denominator, (AverageFrameRate ?? BaseFrameRate)?.Value ?? FrameSchedule.FramesPerSecond)
            : null;

    /// <summary>Frames according to the header; null if it does not say.</summary>
    public long? FrameCount { get; init; }

    /// <summary>Duration according to the header; null if it does not say.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>
    /// How much later than the file it begins, where ffmpeg moves a track to 0 that is read without those before it: in
    /// containers whose clock may start again.
    /// </summary>
    public TimeSpan MovedBy { get; init; }

    /// <summary>Time of the first frame on the file's clock; null if unknown.</summary>
    public TimeSpan? StartTime { get; init; }

    /// <summary>Where the file begins on that clock, also if it begins with sound; null if unknown.</summary>
    public TimeSpan? FileStart { get; init; }

    /// <summary>ffmpeg's name of the pixel format.</summary>
    public string? PixelFormat { get; init; }

    /// <summary>What <see cref="PixelFormat"/> says.</summary>
    public PictureFormat Format => PictureFormat.Parse(PixelFormat) is var format && HasSeparateAlpha ? format with { HasAlpha = true } : format;

    /// <summary>The transparency lies beside the pictures, as in VP8 and VP9; only a library of its own decodes it.</summary>
    public bool HasSeparateAlpha { get; init; }

    /// <summary>Where the colour samples lie between the pixels, in ffmpeg's names; null if the file does not say.</summary>
    public string? ChromaLocation { get; init; }

    /// <summary>Every second row belongs to another moment.</summary>
    public bool IsInterlaced { get; init; }

    /// <summary>Width : height of one pixel of the upright picture; 1:1 if the file does not say.</summary>
    public Rational SampleAspectRatio { get; init; } = new(1, 1);

    /// <summary>The same as a number for geometry: 1 where the header's cannot be meant.</summary>
    public double PixelAspect => SampleAspectRatio.Value is >= 1 / WidestPixel and <= WidestPixel ? SampleAspectRatio.Value : 1;

    /// <summary>What the file says about its colours.</summary>
    public ColorTags Color { get; init; } = ColorTags.None;

    /// <summary>What a result that was read by <see cref="VideoReader"/> and follows this track says about its colours.</summary>
    public ColorTags ResultColor =>
        this switch
        {
            { StillDemuxer: not null } => ColorTags.None,
            { Color.IsHighDynamicRange: true } => ColorTags.Standard,
            { Format.IsRgb: true } => Color with { Range = "tv", Matrix = ColorConversion.For(Color, Width, Height).MatrixTag },
            _ => Color,
        };

    /// <summary>
    /// What such a result follows in its pixel format. Pictures and animated GIFs were made to be shown anywhere, and so is
    /// the result.
    /// </summary>
    public PictureFormat ResultFormat => StillDemuxer is not null || Codec is "gif" or "apng" ? PictureFormat.Common : Format;

    /// <summary>The container has an index of key frames, so that a seek lands at or before the time asked for.</summary>
    public bool HasKeyFrameIndex { get; init; }

    /// <summary>ffmpeg's reader of the picture that this is; null for a video.</summary>
    public string? StillDemuxer { get; init; }

    private bool IsSideways => Rotation is 90 or 270;
}
