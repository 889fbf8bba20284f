using LatentSync.Media.Formats;

namespace LatentSync.Media.Probe;

/// <summary>What is in a media file.</summary>
/// <param name="Path">The file.</param>
/// <param name="FormatName">ffmpeg's name of the container, such as <c>mov,mp4,m4a,3gp,3g2,mj2</c>.</param>
/// <param name="Duration">Duration according to the header; null if it does not say.</param>
/// <param name="Video">The picture track that is read: the one that was chosen, else the one marked as default, else the first. Null if there is none.</param>
/// <param name="Audio">The sound track that is read, likewise; null if there is none.</param>
internal sealed record MediaInfo(string Path, string FormatName, TimeSpan? Duration, VideoStreamInfo? Video, AudioStreamInfo? Audio)
{
    /// <summary>All picture tracks; cover art does not count.</summary>
    public IReadOnlyList<VideoStreamInfo> VideoTracks { get; init; } = [];

    /// <summary>All sound tracks.</summary>
    public IReadOnlyList<AudioStreamInfo> AudioTracks { get; init; } = [];

    /// <summary>Where the file begins on its own clock; null if unknown.</summary>
    public TimeSpan? StartTime { get; init; }

    /// <summary>Where each recording of a chained Opus file begins, and its end, in bytes, from <see cref="OggLinks"/>; empty for all other files.</summary>
    public IReadOnlyList<long> LinkOffsets { get; init; } = [];

    /// <summary>A file with its tracks, of which the default ones are read.</summary>
    public static MediaInfo Of(string path, string formatName, IReadOnlyList<VideoStreamInfo> videos, IReadOnlyList<AudioStreamInfo> sounds) =>
        new(path, formatName, Duration: null, Default(videos, track => track.IsDefault), Default(sounds, track => track.IsDefault))
        {
            VideoTracks = videos,
            AudioTracks = sounds,
        };

    /// <summary>The same file with a picture track that the user chose, counted from 1; null leaves it.</summary>
    /// <exception cref="LipSyncException"><see cref="LipSyncErrorCode.InvalidOptions"/>: there is no such track.</exception>
    public MediaInfo WithVideoTrack(int? number) =>
        this with
        {
            Video = Choose(VideoTracks, number, Video, "VideoTrack", VideoTracks.Count == 1 ? (FormattableString)$"picture track" : $"picture tracks"),
        };

    /// <summary>The same file with a sound track that the user chose, counted from 1; null leaves it.</summary>
    /// <inheritdoc cref="WithVideoTrack"/>
    public MediaInfo WithAudioTrack(int? number) =>
        this with
        {
            Audio = Choose(AudioTracks, number, Audio, "AudioTrack", AudioTracks.Count == 1 ? (FormattableString)$"sound track" : $"sound tracks"),
        };

    /// <summary>The same file; if it is a picture that takes the place of a video, and larger, reduced to a longer side of so many pixels.</summary>
    public MediaInfo WithLargestPicture(int? side)
    {
        if (side is not { } most || Video is not { StillDemuxer: not null } picture || Math.Max(picture.DisplayWidth, picture.DisplayHeight) <= most)
        {
            return this;
        }

        // Even, as players want it.
        var scale = (double)most / Math.Max(picture.DisplayWidth, picture.DisplayHeight);
        return this with { Video = picture with { Reduced = (Even(picture.DisplayWidth), Even(picture.DisplayHeight)) } };

        int Even(int length) => Math.Max(2, 2 * (int)Math.Round(length * scale / 2));
    }

    /// <summary>The picture track.</summary>
    /// <exception cref="LipSyncException"><see cref="LipSyncErrorCode.InvalidInput"/>: there is none, or it is empty.</exception>
    public VideoStreamInfo RequireVideo()
    {
        if (Video is null)
        {
            throw Invalid(
                Audio is null
                    ? $"\"{Path}\" has neither pictures nor sound; choose a video."
                    : (FormattableString)$"\"{Path}\" has sound but no pictures; choose a video."
            );
        }

        return Video.FrameCount == 0 || Video.Duration == TimeSpan.Zero ? throw Invalid($"The video \"{Path}\" has no frames; choose another.") : Video;
    }

    /// <summary>The sound track.</summary>
    /// <exception cref="LipSyncException"><see cref="LipSyncErrorCode.InvalidInput"/>: there is none, or it is empty.</exception>
    public AudioStreamInfo RequireAudio()
    {
        if (Audio is null)
        {
            throw Invalid($"\"{Path}\" has no sound track; choose a file with sound.");
        }

        return Audio switch
        {
            { Duration: { } none } when none == TimeSpan.Zero => throw Invalid($"The sound track of \"{Path}\" is empty; choose another file."),
            { Channels: > AudioStreamInfo.MostChannels and var channels } => throw Invalid(
                $"The sound of \"{Path}\" has {channels} channels, more than the {AudioStreamInfo.MostChannels} that can be mixed; choose a sound with fewer."
            ),
            _ => Audio,
        };
    }

    /// <summary>The track that is read unless another is chosen: the first that the file calls default, else its first.</summary>
    private static T? Default<T>(IReadOnlyList<T> tracks, Func<T, bool> isDefault)
        where T : class
    {
        return tracks.FirstOrDefault(isDefault) ?? (tracks is [var first, ..] ? first : null);
    }

    private T? Choose<T>(IReadOnlyList<T> tracks, int? number, T? otherwise, string property, FormattableString kind)
        where T : class
    {
        if (number is not { } chosen)
        {
            return otherwise;
        }

        if (chosen > 0 && chosen <= tracks.Count)
        {
            return tracks[chosen - 1];
        }

        var option = new OptionReference(property);
        throw new LipSyncException(
            LipSyncErrorCode.InvalidOptions,
            $"{option} is {chosen}, but \"{Path}\" has {tracks.Count} {kind}; choose one of them, or leave out {option}."
        )
        {
            Path = Path,
        };
    }

    private LipSyncException Invalid(FormattableString message) => new(LipSyncErrorCode.InvalidInput, message) { Path = Path };
}
