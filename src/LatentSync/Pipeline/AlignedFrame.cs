using LatentSync.Imaging;

namespace LatentSync.Pipeline;

/// <summary>A frame on its way to the output.</summary>
/// <param name="Image">The whole frame; the pipeline owns it until it is written.</param>
/// <param name="Face">The aligned face, or null if none was found.</param>
/// <param name="Alignment">Maps the frame to the face's crop; meaningless without a face.</param>
internal sealed record AlignedFrame(RgbImage Image, RgbImage? Face, AffineTransform Alignment);
