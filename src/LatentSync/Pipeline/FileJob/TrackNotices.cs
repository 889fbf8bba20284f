using LatentSync.Media.Probe;

namespace LatentSync.Pipeline.FileJob;

/// <summary>What a user should know about inputs of several tracks, of which one was taken unasked.</summary>
internal static class TrackNotices
{
    /// <summary>The sentences.</summary>
    /// <param name="request">The job.</param>
    /// <param name="video">Its video.</param>
    /// <param name="sound">Its sound.</param>
    public static IEnumerable<FormattableString> Of(LipSyncRequest request, MediaInfo video, MediaInfo sound)
    {
        if (request.Options.AudioTrack is null && sound is { Audio: { } audio, AudioTracks.Count: > 1 })
        {
            yield return Sentence(sound.Path, sound.AudioTracks, audio, audio.IsDefault, $"sound", new OptionReference(nameof(LipSyncFileOptions.AudioTrack)));
        }

        if (request.Options.VideoTrack is null && video is { Video: { } picture, VideoTracks.Count: > 1 })
        {
            yield return Sentence(
                video.Path,
                video.VideoTracks,
                picture,
                picture.IsDefault,
                $"picture",
                new OptionReference(nameof(LipSyncFileOptions.VideoTrack))
            );
        }
    }

    private static FormattableString Sentence<T>(string path, IReadOnlyList<T> tracks, T taken, bool isDefault, FormattableString kind, OptionReference option)
    {
        var number = tracks.Index().First(track => Equals(track.Item, taken)).Index + 1;
        var reason = isDefault ? (FormattableString)$"which it marks as default" : $"the first";
        return $"\"{path}\" has {tracks.Count} {kind} tracks; number {number} was taken, {reason}; {option} takes another.";
    }
}
