using LatentSync.Faces.Tracking;
using LatentSync.Imaging;

namespace LatentSync.Pipeline;

/// <summary>A frame whose new face, if it gets one, is ready to be pasted in.</summary>
/// <param name="Image">The whole frame; the pipeline owns it until it is written.</param>
/// <param name="Plan">What is done to the frame.</param>
/// <param name="Start">When the result shows it, in ticks.</param>
/// <param name="Face">Its face, which may be that of its neighbours too; given up when it is pasted. Null if nothing is painted.</param>
/// <param name="StartsClip">Whether nothing before this frame has a part in it or in later ones.</param>
internal sealed record GeneratedFrame(RgbImage Image, FramePlan Plan, long Start, GeneratedFace? Face, bool StartsClip);
