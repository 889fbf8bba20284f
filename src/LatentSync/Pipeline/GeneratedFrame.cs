using LatentSync.Faces.Tracking;
using LatentSync.Imaging;
using LatentSync.Tensors;

namespace LatentSync.Pipeline;

/// <summary>A frame whose new faces, if it gets any, are ready to be pasted in.</summary>
/// <param name="Image">The whole frame; the pipeline owns it until it is written.</param>
/// <param name="Fate">What happens to it.</param>
/// <param name="Faces">The faces that are painted.</param>
/// <param name="Start">When the result shows it, in ticks.</param>
/// <param name="Generated">For each face [frames, 3, resolution, resolution]: those of the clip, shared with its other frames.</param>
/// <param name="Row">Which frame of the clip is this one.</param>
/// <param name="StartsClip">Whether nothing before this frame has a part in it or in later ones.</param>
internal sealed record GeneratedFrame(
    RgbImage Image, FrameFate Fate, IReadOnlyList<FacePlan> Faces, long Start, IReadOnlyList<Tensor> Generated, int Row, bool StartsClip);
