using System.Text.Json;
using LatentSync.Media.Ffmpeg;
using LatentSync.Media.Formats;

namespace LatentSync.Media.Probe;

/// <summary>Says what is in a media file, with ffprobe.</summary>
internal static class MediaProbe
{
    private const int OutputLimit = 16 << 20;

    /// <summary>Says what is in a media file.</summary>
    /// <exception cref="LipSyncException">
    /// <see cref="LipSyncErrorCode.InvalidInput"/>: it is missing, empty, unreadable, not a media file, or too large.
    /// </exception>
    public static Task<MediaInfo> ProbeAsync(string path, CancellationToken cancellationToken) => ProbeAsync(MediaTools.Locate(), path, cancellationToken);

    /// <summary>The same for a file with pictures to work on, which may also be a single one: png, jpg or webp.</summary>
    public static Task<MediaInfo> ProbePicturesAsync(string path, CancellationToken cancellationToken) =>
        ProbeAsync(MediaTools.Locate(), path, allowStill: true, cancellationToken);

    /// <inheritdoc cref="ProbeAsync(string, CancellationToken)"/>
    public static Task<MediaInfo> ProbeAsync(MediaTools tools, string path, CancellationToken cancellationToken) =>
        ProbeAsync(tools, path, allowStill: false, cancellationToken);

    private static async Task<MediaInfo> ProbeAsync(MediaTools tools, string path, bool allowStill, CancellationToken cancellationToken)
    {
        var fullPath = MediaInput.Validate(path);
        var stillDemuxer = allowStill ? StillPicture.FindDemuxer(path, fullPath) : null;
        try
        {
            var result = await ToolRun
                .RunAsync(tools.Launcher, tools.FfprobePath, Arguments(fullPath, stillDemuxer), OutputLimit, cancellationToken)
                .ConfigureAwait(false);
            var media = result.ExitCode == 0 ? ProbeParser.Parse(path, result.Output) : throw Failure(path, result);
            if (media is { FormatName: "ogg", VideoTracks: [], AudioTracks: [{ Codec: "opus" } sound] } && OggLinks.Find(fullPath) is { Count: > 0 } offsets)
            {
                sound = sound with { IsChained = true };
                media = media with { LinkOffsets = offsets, Audio = sound, AudioTracks = [sound] };
            }

            return stillDemuxer is null
                ? await WithoutCoversAsync(tools, media, fullPath, cancellationToken).ConfigureAwait(false)
                : media with
                {
                    Video = media.Video is null ? null : StillPicture.Describe(media.Video, fullPath, stillDemuxer),
                };
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException)
        {
            throw new LipSyncException(
                LipSyncErrorCode.MediaToolFailed,
                $"ffprobe's answer about \"{path}\" cannot be read; convert the file to MP4, or install another version of ffmpeg.",
                exception
            )
            {
                Path = path,
                Detail = exception.Message,
            };
        }
    }

    /// <summary>ffprobe's arguments for a file.</summary>
    public static IReadOnlyList<string> Arguments(string fullPath, string? stillDemuxer = null) =>
        [
            "-hide_banner",
            "-loglevel",
            "error",
            .. stillDemuxer is null ? MediaInput.Restrictions : StillPicture.Restrictions(stillDemuxer),
            "-show_format",
            "-show_streams",
            "-of",
            "json",
            "-i",
            MediaInput.Url(fullPath),
        ];

    /// <summary>
    /// Takes out the covers that are not marked as such: a single picture beside sound or a video. Whether there is a second
    /// picture no header tells for sure.
    /// </summary>
    private static async Task<MediaInfo> WithoutCoversAsync(MediaTools tools, MediaInfo media, string fullPath, CancellationToken cancellationToken)
    {
        List<VideoStreamInfo> videos = [];
        foreach (var video in media.VideoTracks)
        {
            if (
                !video.IsOfPictures
                || media.VideoTracks.Count + media.AudioTracks.Count == 1
                || await HasSeveralPacketsAsync(tools, fullPath, video, cancellationToken).ConfigureAwait(false)
            )
            {
                videos.Add(video);
            }
        }

        return videos.Count == media.VideoTracks.Count
            ? media
            : MediaInfo.Of(media.Path, media.FormatName, videos, media.AudioTracks) with
            {
                Duration = media.Duration,
                StartTime = media.StartTime,
                LinkOffsets = media.LinkOffsets,
            };
    }

    private static async Task<bool> HasSeveralPacketsAsync(MediaTools tools, string fullPath, VideoStreamInfo video, CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            "-hide_banner",
            "-loglevel",
            "error",
            .. MediaInput.Restrictions,
            "-select_streams",
            Invariant($"{video.Index}"),
            "-read_intervals",
            "%+#2",
            "-show_entries",
            "packet=size",
            "-of",
            "csv=p=0",
            "-i",
            MediaInput.Url(fullPath),
        ];
        var result = await ToolRun.RunAsync(tools.Launcher, tools.FfprobePath, arguments, OutputLimit, cancellationToken).ConfigureAwait(false);
        return result.ExitCode != 0 || result.Output.Count(letter => letter == (byte)'\n') > 1;
    }

    private static LipSyncException Failure(string path, ToolResult result)
    {
        const int errorExitCode = 1;
        if (result.ExitCode != errorExitCode)
        {
            return MediaToolFailure.Reading(path, result.ExitCode, result.LastWords);
        }

        FormattableString message = result.LastWords switch
        {
            var words when words.Contains("not on whitelist", StringComparison.Ordinal) => (FormattableString)
                $"\"{path}\" is a playlist, a picture or another kind of file that is not read here; choose a video or sound file.",
            _ => $"\"{path}\" is not a media file, or a part of it is missing; check that it plays, or copy it again.",
        };
        return new LipSyncException(LipSyncErrorCode.InvalidInput, message) { Path = path, Detail = result.LastWords };
    }
}
