using LatentSync.Faces.Tracking;
using LatentSync.Imaging;

namespace LatentSync.Pipeline;

/// <summary>A frame on its way to the output.</summary>
/// <param name="Image">The whole frame; the pipeline owns it until it is written.</param>
/// <param name="Face">The aligned face, or null if nothing is painted.</param>
/// <param name="Plan">What is done to the frame.</param>
/// <param name="StartsClip">Whether no clip may span this frame and the one before.</param>
internal sealed record AlignedFrame(RgbImage Image, RgbImage? Face, FramePlan Plan, bool StartsClip);
