using System.Text.Json;
using LatentSync.Media.Formats;

namespace LatentSync.Media.Probe;

/// <summary>Reads ffprobe's JSON, in which numbers may be numbers or text and everything may be absent.</summary>
internal static class ProbeParser
{
    private const int MaximumSide = 16384;
    private const long MaximumPixels = 134_217_728;
    private const int FullTurn = 360;
    private const int QuarterTurn = 90;

    /// <summary>Reads the answer to <c>-show_format -show_streams</c>.</summary>
    /// <param name="path">The file it is about.</param>
    /// <param name="json">The answer, UTF-8.</param>
    /// <exception cref="JsonException">It is not JSON of that kind.</exception>
    /// <exception cref="LipSyncException"><see cref="LipSyncErrorCode.InvalidInput"/>: the pictures are too large.</exception>
    public static MediaInfo Parse(string path, ReadOnlyMemory<byte> json)
    {
        try
        {
            return ParseAnswer(path, json);
        }
        catch (InvalidOperationException error)
        {
            // Half of a pair of surrogates, or bytes that are no UTF-8: the texts are the file's, and read only when asked for.
            throw new JsonException("A text of the answer is not UTF-8.", error);
        }
    }

    private static MediaInfo ParseAnswer(string path, ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("format", out var format) || format.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("There is no format object.");
        }

        var formatName = Text(format, "format_name") ?? "";
        var start = Seconds(format, "start_time");
        var streams = Items(root, "streams").ToList();
        return MediaInfo.Of(
            path,
            formatName,
            [
                .. streams
                    .Where(stream => Text(stream, "codec_type") == "video" && !IsAttachedPicture(stream))
                    .Select(stream => ParseVideo(path, formatName, stream, start))
                    .OfType<VideoStreamInfo>(),
            ],
            [
                .. streams
                    .Where(stream => Text(stream, "codec_type") == "audio")
                    .Select(stream => ParseAudio(formatName, stream, start))
                    .OfType<AudioStreamInfo>(),
            ]
        ) with
        {
            Duration = Seconds(format, "duration"),
            StartTime = start,
        };
    }

    private static VideoStreamInfo? ParseVideo(string path, string formatName, JsonElement stream, TimeSpan? fileStart)
    {
        var width = Number(stream, "width") ?? 0;
        var height = Number(stream, "height") ?? 0;
        if (width <= 0 || height <= 0)
        {
            return null;
        }

        if (width > MaximumSide || height > MaximumSide || width * height > MaximumPixels)
        {
            var limit = Invariant($"{MaximumSide}x{MaximumSide} and {MaximumPixels / 1_000_000}");
            throw new LipSyncException(
                LipSyncErrorCode.InvalidInput,
                $"The pictures of \"{path}\" are {width}x{height}, more than the {limit} megapixels read here; scale the video down."
            )
            {
                Path = path,
            };
        }

        var (rotation, isFromTag) = Rotation(stream);
        var pixelAspect = Rational.Parse(Text(stream, "sample_aspect_ratio")) ?? new Rational(1, 1);
        return new VideoStreamInfo
        {
            Index = Index(stream),
            Codec = Text(stream, "codec_name") ?? "unknown",
            Width = (int)width,
            Height = (int)height,
            Rotation = rotation,
            RotationIsFromTag = isFromTag,
            AverageFrameRate = Rational.Parse(Text(stream, "avg_frame_rate")),
            BaseFrameRate = Rational.Parse(Text(stream, "r_frame_rate")),
            TimeBase = Rational.Parse(Text(stream, "time_base")),
            FrameCount = Number(stream, "nb_frames"),
            Duration = Duration(stream),
            StartTime = Seconds(stream, "start_time"),
            FileStart = fileStart,
            MovedBy = MovedBy(formatName, stream, fileStart),
            IsDefault = Disposition(stream, "default"),
            PixelFormat = Text(stream, "pix_fmt"),
            SampleAspectRatio = rotation is QuarterTurn or FullTurn - QuarterTurn ? pixelAspect.Inverse : pixelAspect,
            HasSeparateAlpha = HasSeparateAlpha(stream),
            ChromaLocation = Tag(stream, "chroma_location"),
            IsInterlaced = Text(stream, "field_order") is "tt" or "bb" or "tb" or "bt",
            Color = new ColorTags(Tag(stream, "color_range"), Tag(stream, "color_space"), Tag(stream, "color_transfer"), Tag(stream, "color_primaries")),
            HasKeyFrameIndex = formatName.Split(',') is ["mov" or "matroska", ..],
        };
    }

    private static AudioStreamInfo? ParseAudio(string formatName, JsonElement stream, TimeSpan? fileStart) =>
        Number(stream, "sample_rate") is > 0 and <= int.MaxValue and var sampleRate && Number(stream, "channels") is > 0 and <= int.MaxValue and var channels
            ? new AudioStreamInfo(Index(stream), Text(stream, "codec_name") ?? "unknown", (int)sampleRate, (int)channels, Duration(stream))
            {
                IsDefault = Disposition(stream, "default"),
                MovedBy = MovedBy(formatName, stream, fileStart),
                Layout = Text(stream, "channel_layout") is { Length: > 0 } layout and not "unknown" ? layout : null,
            }
            : null;

    private static TimeSpan MovedBy(string formatName, JsonElement stream, TimeSpan? fileStart) =>
        formatName is "mpegts" or "mpeg" or "ogg" && Seconds(stream, "start_time") is { } start && start > fileStart ? start - fileStart.Value : TimeSpan.Zero;

    /// <summary>
    /// ffprobe gives the display matrix as counter-clockwise degrees, the old tag is clockwise. ffmpeg rounds to quarter
    /// turns; other angles leave the size alone and are passed through.
    /// </summary>
    private static (int Clockwise, bool IsFromTag) Rotation(JsonElement stream)
    {
        foreach (var entry in Items(stream, "side_data_list"))
        {
            if (Number(entry, "rotation") is { } counterClockwise)
            {
                return (Normalise(-counterClockwise), false);
            }
        }

        var tagged = Tags(stream) is { } tags ? Number(tags, "rotate") : null;
        return tagged is { } clockwise ? (Normalise(clockwise), Normalise(clockwise) != 0) : (0, false);
    }

    /// <summary>Matroska says it in a tag, such as <c>00:00:02.400000000</c>, of which more digits are there than a <see cref="TimeSpan"/> has.</summary>
    private static TimeSpan? Duration(JsonElement stream)
    {
        const int readableLength = 16;
        return Seconds(stream, "duration")
            ?? (
                Tags(stream) is { } tags
                && Text(tags, "DURATION") is { Length: >= readableLength } text
                && TimeSpan.TryParseExact(text[..readableLength], @"hh\:mm\:ss\.fffffff", CultureInfo.InvariantCulture, out var duration)
                    ? duration
                    : null
            );
    }

    private static bool HasSeparateAlpha(JsonElement stream) =>
        Text(stream, "codec_name") is "vp8" or "vp9" && Tags(stream) is { } tags && (Number(tags, "alpha_mode") ?? Number(tags, "ALPHA_MODE")) == 1;

    private static JsonElement? Tags(JsonElement stream) => stream.TryGetProperty("tags", out var tags) && tags.ValueKind == JsonValueKind.Object ? tags : null;

    private static int Normalise(long degrees) => (int)(((degrees % FullTurn) + FullTurn) % FullTurn);

    private static bool IsAttachedPicture(JsonElement stream) => Disposition(stream, "attached_pic") || Disposition(stream, "timed_thumbnails");

    private static bool Disposition(JsonElement stream, string name) =>
        stream.TryGetProperty("disposition", out var disposition) && disposition.ValueKind == JsonValueKind.Object && Number(disposition, name) == 1;

    private static int Index(JsonElement stream) =>
        Number(stream, "index") is >= 0 and <= int.MaxValue and var index ? (int)index : throw new JsonException("A stream has no index.");

    private static IEnumerable<JsonElement> Items(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var array) && array.ValueKind == JsonValueKind.Array
            ? array.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object)
            : [];

    private static string? Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value)
            ? value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number => value.GetRawText(),
                _ => null,
            }
            : null;

    /// <summary>A colour name that means something; it goes back to ffmpeg as an argument, so nothing else is let through.</summary>
    private static string? Tag(JsonElement stream, string name) =>
        Text(stream, name) is { Length: > 0 } text and not ("unknown" or "reserved" or "unspecified") && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            ? text
            : null;

    private static long? Number(JsonElement parent, string name) =>
        double.TryParse(Text(parent, name), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && Math.Abs(value) <= long.MaxValue / 2
            ? (long)Math.Round(value)
            : null;

    private static TimeSpan? Seconds(JsonElement parent, string name) =>
        double.TryParse(Text(parent, name), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && Math.Abs(value) < TimeSpan.MaxValue.TotalSeconds / 2
            ? TimeSpan.FromSeconds(value)
            : null;
}
