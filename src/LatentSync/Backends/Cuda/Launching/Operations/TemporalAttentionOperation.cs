using LatentSync.Backends.Cuda.Launching.Lists;

namespace LatentSync.Backends.Cuda.Launching.Operations;

/// <summary>Attention between the frames of a clip at each pixel.</summary>
/// <param name="QueryKeyValue">[clip, frame, pixel, 3 * heads * width].</param>
/// <param name="Result">[clip, frame, pixel, heads * width].</param>
/// <param name="Clips">Clips.</param>
/// <param name="Frames">Frames of a clip.</param>
/// <param name="Heads">Heads.</param>
internal sealed record TemporalAttentionOperation(LaunchMatrix QueryKeyValue, LaunchMatrix Result, int Clips, int Frames, int Heads) : LaunchOperation
{
    /// <summary>Pixels of an image.</summary>
    public int Pixels => Result.RowCount / Clips / Frames;

    /// <summary>Width of a head.</summary>
    public int HeadWidth => Result.Width / Heads;

    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Reads => [QueryKeyValue.Buffer];

    /// <inheritdoc/>
    public override IEnumerable<LaunchBuffer> Writes => [Result.Buffer];
}
