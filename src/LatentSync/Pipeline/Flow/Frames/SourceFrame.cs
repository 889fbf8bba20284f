using LatentSync.Imaging;

namespace LatentSync.Pipeline.Flow.Frames;

/// <summary>A decoded frame.</summary>
/// <param name="Index">Its number in the source.</param>
/// <param name="Image">The picture.</param>
/// <param name="Start">When the result shows it, in ticks; on the first pass, when the source does.</param>
internal sealed record SourceFrame(int Index, RgbImage Image, long Start);
