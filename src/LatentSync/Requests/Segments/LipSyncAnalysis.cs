namespace LatentSync;

/// <summary>
/// What a look at the whole video tells before anything is painted: the parts in which the result can be made, and what to
/// expect of it. <see cref="LipSyncOutcome.SyncedFrames"/> and its like are those of the result that would come of it.
/// </summary>
public sealed record LipSyncAnalysis : LipSyncOutcome
{
    /// <summary>How long the result is, the last frame included.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Size of the result in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Size of the result in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>The parts in which it can be made, in their order.</summary>
    public required IReadOnlyList<LipSyncSegment> Segments { get; init; }

    /// <summary>Frames of the video that the result shows.</summary>
    public required int VideoFrames { get; init; }

    /// <summary>How long they last.</summary>
    public required TimeSpan VideoDuration { get; init; }

    /// <summary>How long the whole video is, as its file says; null where it does not, and for a picture.</summary>
    public TimeSpan? SourceDuration { get; init; }

    /// <summary>How long the sound is, from where it begins.</summary>
    public required TimeSpan SoundDuration { get; init; }

    /// <summary>Where in the sound nobody speaks for as long as <see cref="SoundOptions.QuietAfter"/> says.</summary>
    public required IReadOnlyList<LipSyncSpan> Pauses { get; init; }

    /// <summary>Where in the video no face can be painted.</summary>
    public required IReadOnlyList<LipSyncFaceGap> FaceGaps { get; init; }

    /// <summary>The faces wherever people were chosen: at the beginning and after each cut; the first thousand of these places.</summary>
    public required IReadOnlyList<LipSyncFaces> Faces { get; init; }

    /// <summary>Small pictures of the first of them.</summary>
    public required IReadOnlyList<LipSyncFacePicture> FacePictures { get; init; }

    /// <summary>What a user should know about the files: damage, and tracks that were taken unasked.</summary>
    public required IReadOnlyList<FormattableString> Notices { get; init; }
}
