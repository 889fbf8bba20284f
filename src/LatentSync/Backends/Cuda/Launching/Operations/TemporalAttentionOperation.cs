using LatentSync.Backends.Cuda.Launching.Lists;

namespace LatentSync.Backends.Cuda.Launching.Operations;

/// <summary>Attention between the frames of a clip at each pixel.</summary>
/// <param name="QueryKeyValue">[clip, frame, pixel, 3 * heads * width].</param>
/// <param name="Result">[clip, frame, pixel, heads * width].</param>
/// <param name="Clips">Clips.</param>
/// <param name="Frames">Frames of a clip.</param>
/// <param name="Heads">Heads.</param>
/// <param name="FrameCount">One number, float32: how many of a clip's frames are looked at; null for all.</param>
internal sealed record TemporalAttentionOperation(
    LaunchMatrix QueryKeyValue,
    LaunchMatrix Result,
    int Clips,
    int Frames,
    int Heads,
    LaunchBuffer? FrameCount = null
) : LaunchOperation
{
    /// <summary>Pixels of an image.</summary>
    public int Pixels => Result.RowCount / Clips / Frames;

    /// <summary>Width of a head.</summary>
    public int HeadWidth => Result.Width / Heads;

    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Reads => Present(QueryKeyValue.Buffer, FrameCount);

    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Writes => [Result.Buffer];
}
