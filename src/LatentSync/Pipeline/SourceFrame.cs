using LatentSync.Imaging;

namespace LatentSync.Pipeline;

/// <summary>A decoded frame and its index in the source at 25 frames per second.</summary>
internal sealed record SourceFrame(int Index, RgbImage Image);
