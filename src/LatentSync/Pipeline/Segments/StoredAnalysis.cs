using LatentSync.Jobs;
using LatentSync.Media.Write;
using LatentSync.Pipeline.FileJob;
using LatentSync.Pipeline.Flow.Frames;

namespace LatentSync.Pipeline.Segments;

/// <summary>
/// What one look at the whole video has told, and what its segments need to be made on their own: which frames they show,
/// what is done to each frame, and where they begin.
/// </summary>
internal sealed record StoredAnalysis
{
    /// <summary>The job that it is of, without its paths.</summary>
    public required JobDescription Job { get; init; }

    /// <summary>When the frames of the video are shown that the result shows, and the one after them; on the clock of the result.</summary>
    public required FrameTimes Video { get; init; }

    /// <summary>The last of them is the video's last.</summary>
    public required bool HasEnded { get; init; }

    /// <summary>Ticks between the file's clock and the result's.</summary>
    public required long Offset { get; init; }

    /// <summary>What is done to each frame of the video.</summary>
    public required StoredPlans Plans { get; init; }

    /// <summary>Which frame of the video each frame of the result shows, and when.</summary>
    public required IReadOnlyList<FrameMoment> Order { get; init; }

    /// <summary>When the last frame is shown and when it ends, in ticks.</summary>
    public required LastFrame Last { get; init; }

    /// <summary>The parts of the result's pictures in their order.</summary>
    public required IReadOnlyList<SegmentEntry> Segments { get; init; }

    /// <summary>Samples of the sound from where it begins, 16 kHz.</summary>
    public required long Samples { get; init; }

    /// <summary>The reference's number of frames instead of the sound's own end; null for the latter.</summary>
    public required int? ReferenceFrames { get; init; }

    /// <summary>What encodes the pictures; never <see cref="VideoEncoderKind.Auto"/>, so that all segments have the same.</summary>
    public required VideoEncoderKind Encoder { get; init; }

    /// <summary>What was done to the frames.</summary>
    public required FrameCounts Counts { get; init; }

    /// <summary>Scene cuts that were found.</summary>
    public required int Cuts { get; init; }

    /// <summary>Faces that were seen and not used.</summary>
    public required UnusableFaces Unusable { get; init; }

    /// <summary>What is wrong with the video; null for nothing.</summary>
    public required StoredDamage? VideoDamage { get; init; }

    /// <summary>What is wrong with the sound; null for nothing.</summary>
    public required StoredDamage? SoundDamage { get; init; }

    /// <summary>What the result shows of the video.</summary>
    public ShownFrames Shown => new(HasEnded ? Video : null, Last);

    /// <summary>Number of the first frame of a segment.</summary>
    public int FirstFrame(int segment) => Segments.Take(segment).Sum(entry => entry.Frames);
}
