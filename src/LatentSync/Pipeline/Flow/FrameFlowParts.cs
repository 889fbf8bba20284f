using LatentSync.Audio;
using LatentSync.Backends;
using LatentSync.Faces;
using LatentSync.Faces.Tracking;
using LatentSync.Imaging;
using LatentSync.Media.Write;
using LatentSync.Progress;
using LatentSync.Restoration;
using LatentSync.Timeline;

namespace LatentSync.Pipeline.Flow;

/// <summary>The stages that <see cref="FrameFlow"/> composes. It owns none of them.</summary>
internal sealed record FrameFlowParts
{
    /// <summary>Frames of the source in the order of the result.</summary>
    public required IFrameSequence Source { get; init; }

    /// <summary>Where frames go back to when they are written.</summary>
    public required FramePool Pool { get; init; }

    /// <summary>Where aligned faces go back to.</summary>
    public required FramePool FacePool { get; init; }

    /// <summary>Where generated faces come from and go back to.</summary>
    public required GeneratedFacePool GeneratedPool { get; init; }

    /// <summary>Finds the face and decides what is done to each frame.</summary>
    public required IFaceTimeline Faces { get; init; }

    /// <summary>Path of the video if a frame that cannot be painted is an error; otherwise null.</summary>
    public string? StrictAbout { get; init; }

    /// <summary>Frame and matrix to face.</summary>
    public required FaceCropper Cropper { get; init; }

    /// <summary>The sound at each frame.</summary>
    public required FrameAudio Audio { get; init; }

    /// <summary>Where the mouths of the source come back because nobody speaks; null for nowhere.</summary>
    public QuietSpans? Quiet { get; init; }

    /// <summary>Paints the mouths.</summary>
    public required IFaceGenerator Generator { get; init; }

    /// <summary>Pastes them back.</summary>
    public required IFaceRestorer Restorer { get; init; }

    /// <summary>Where the frame that is pasted into last is painted; null if nobody wants to know.</summary>
    public PaintedMask? Mask { get; init; }

    /// <summary>Shown the first frame of the source when it is known what is done to it; null for nobody.</summary>
    public Action<RgbImage>? ShowFirst { get; init; }

    /// <summary>Frames of the result that an earlier run has finished: they are looked at and not painted nor written.</summary>
    public int FinishedFrames { get; init; }

    /// <summary>Takes the finished frames.</summary>
    public required IFrameWriter Writer { get; init; }

    /// <summary>The clock of the frames' times.</summary>
    public required FrameClock Clock { get; init; }

    /// <summary>Frames of a clip, as the model sees them.</summary>
    public required int ClipLength { get; init; }

    /// <summary>Denoising steps of a clip.</summary>
    public required int StepsPerFrame { get; init; }

    /// <summary>Adds up where the time goes.</summary>
    public required WorkTimes Times { get; init; }

    /// <summary>Counts frames.</summary>
    public required ProgressMeter FaceProgress { get; init; }

    /// <summary>Counts denoising steps times frames.</summary>
    public required ProgressMeter DiffusionProgress { get; init; }

    /// <summary>Counts frames.</summary>
    public required ProgressMeter OutputProgress { get; init; }
}
