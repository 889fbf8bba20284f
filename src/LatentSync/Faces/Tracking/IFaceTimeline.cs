using LatentSync.Imaging;

namespace LatentSync.Faces.Tracking;

/// <summary>
/// What is done to the faces of a video's frames. The frames are added once, in their order; the plan of a frame is known
/// a few frames later and stays.
/// </summary>
internal interface IFaceTimeline
{
    /// <summary>Frames whose plan is known: the first ones of the video.</summary>
    int Planned { get; }

    /// <summary>Cuts found so far.</summary>
    int Cuts { get; }

    /// <summary>The plan of a frame below <see cref="Planned"/>.</summary>
    FramePlan this[int frame] { get; }

    /// <summary>Looks at the next frame; the picture is not kept.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="start">When the video shows it, in ticks; later than the frame before.</param>
    /// <exception cref="LipSyncException">InferenceFailed: a network could not run.</exception>
    void Add(RgbImage frame, long start);

    /// <summary>No frame follows: all plans become known. Calling it again does nothing.</summary>
    void End();
}
