using LatentSync.Audio;
using LatentSync.Faces;
using LatentSync.Faces.Tracking;
using LatentSync.Imaging;

namespace LatentSync.Pipeline.Flow;

/// <summary>What <see cref="FramePreparation"/> works with. It owns none of it.</summary>
internal sealed record PreparationInputs
{
    /// <summary>Frames of the source in the order of the result.</summary>
    public required IFrameSequence Source { get; init; }

    /// <summary>Finds the faces and decides what is done to each frame.</summary>
    public required IFaceTimeline Timeline { get; init; }

    /// <summary>Frame and matrix to face.</summary>
    public required FaceCropper Cropper { get; init; }

    /// <summary>Frames of the model, 25 a second, that the sound has.</summary>
    public required int ModelFrames { get; init; }

    /// <summary>Where the mouths of the source come back because nobody speaks; null for nowhere.</summary>
    public QuietSpans? Quiet { get; init; }

    /// <summary>Path of the video if a frame that cannot be painted is an error; otherwise null.</summary>
    public string? StrictAbout { get; init; }

    /// <summary>Frames of the result that an earlier run has finished: they are looked at, but neither painted nor written.</summary>
    public int FinishedFrames { get; init; }

    /// <summary>Shown the first frame of the source when it is known what is done to it; null for nobody.</summary>
    public Action<RgbImage>? ShowFirst { get; init; }
}
