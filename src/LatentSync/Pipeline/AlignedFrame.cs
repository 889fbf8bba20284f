using LatentSync.Faces.Tracking;
using LatentSync.Imaging;

namespace LatentSync.Pipeline;

/// <summary>A frame on its way to the output.</summary>
/// <param name="Image">The whole frame; the pipeline owns it until it is written.</param>
/// <param name="Face">The aligned face; null if nothing is painted, or if the mouth is that of the frame before.</param>
/// <param name="Plan">What is done to the frame.</param>
/// <param name="StartsClip">Whether no clip may span this frame and the one before.</param>
/// <param name="Start">When the result shows it, in ticks.</param>
/// <param name="ModelFrame">The model's frame, at 25 per second, whose mouth it gets.</param>
internal sealed record AlignedFrame(RgbImage Image, RgbImage? Face, FramePlan Plan, bool StartsClip, long Start, int ModelFrame);
