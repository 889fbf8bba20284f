using LatentSync.Faces.Tracking;
using LatentSync.Imaging;

namespace LatentSync.Pipeline.Flow.Frames;

/// <summary>A frame whose new faces, if it gets any, are ready to be pasted in.</summary>
/// <param name="Image">The whole frame; the pipeline owns it until it is written.</param>
/// <param name="Fate">What happens to it.</param>
/// <param name="Faces">The faces that are painted.</param>
/// <param name="Start">When the result shows it, in ticks.</param>
/// <param name="Generated">Their pixels, which may be those of neighbours too; given up when they are pasted.</param>
/// <param name="StartsClip">Whether nothing before this frame has a part in it or in later ones.</param>
internal sealed record GeneratedFrame(
    RgbImage Image,
    FrameFate Fate,
    IReadOnlyList<FacePlan> Faces,
    long Start,
    IReadOnlyList<GeneratedFace> Generated,
    bool StartsClip
);
