namespace LatentSync.Media;

/// <summary>What is in a media file.</summary>
/// <param name="Path">The file.</param>
/// <param name="FormatName">ffmpeg's name of the container, such as <c>mov,mp4,m4a,3gp,3g2,mj2</c>.</param>
/// <param name="Duration">Duration according to the header; null if it does not say.</param>
/// <param name="Video">The first picture track; cover art does not count. Null if there is none.</param>
/// <param name="Audio">The first sound track; null if there is none.</param>
internal sealed record MediaInfo(string Path, string FormatName, TimeSpan? Duration, VideoStreamInfo? Video, AudioStreamInfo? Audio)
{
    /// <summary>Where the file begins on its own clock; null if unknown.</summary>
    public TimeSpan? StartTime { get; init; }

    /// <summary>The picture track.</summary>
    /// <exception cref="LipSyncException"><see cref="LipSyncErrorCode.InvalidInput"/>: there is none, or it is empty.</exception>
    public VideoStreamInfo RequireVideo()
    {
        if (Video is null)
        {
            throw Invalid(Audio is null
                ? $"\"{Path}\" has neither pictures nor sound; choose a video."
                : $"\"{Path}\" has sound but no pictures; choose a video.");
        }

        return Video.FrameCount == 0 || Video.Duration == TimeSpan.Zero
            ? throw Invalid($"The video \"{Path}\" has no frames; choose another.")
            : Video;
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
            { Channels: > SoundFilter.MostChannels } => throw Invalid(
                Invariant($"The sound of \"{Path}\" has {Audio.Channels} channels, more than the {SoundFilter.MostChannels} that can be mixed; choose a sound with fewer.")),
            _ => Audio,
        };
    }

    private LipSyncException Invalid(string message) => new(LipSyncErrorCode.InvalidInput, message) { Path = Path };
}
