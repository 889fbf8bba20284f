namespace LatentSync.Pipeline.Flow.Frames;

/// <summary>The images that the tasks of a flow hand to each other, used again and again so that memory stays constant.</summary>
/// <param name="Frames">Frames of the source; they go back when they are written.</param>
/// <param name="Faces">Aligned faces.</param>
/// <param name="Generated">Generated faces.</param>
internal sealed record FlowPools(FramePool Frames, FramePool Faces, GeneratedFacePool Generated)
{
    /// <summary>Pools for a model's faces.</summary>
    /// <param name="frames">Where the source takes its frames from.</param>
    /// <param name="resolution">Width and height of the faces.</param>
    public static FlowPools Create(FramePool frames, int resolution) => new(frames, new FramePool(resolution, resolution), new GeneratedFacePool(resolution));
}
