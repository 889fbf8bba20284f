using LatentSync.Faces.Tracking;
using LatentSync.Imaging;
using LatentSync.Tensors;

namespace LatentSync.Pipeline;

/// <summary>A frame whose new face, if it gets one, is ready to be pasted in.</summary>
/// <param name="Image">The whole frame; the pipeline owns it until it is written.</param>
/// <param name="Plan">What is done to the frame.</param>
/// <param name="Start">When the result shows it, in ticks.</param>
/// <param name="Faces">[frames, 3, resolution, resolution]: the faces of its clip, shared with the clip's other frames; null if nothing is painted.</param>
/// <param name="Row">Which of the faces is this frame's.</param>
internal sealed record GeneratedFrame(RgbImage Image, FramePlan Plan, long Start, Tensor? Faces, int Row);
