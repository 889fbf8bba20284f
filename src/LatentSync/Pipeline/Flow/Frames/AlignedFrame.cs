using LatentSync.Faces.Tracking;
using LatentSync.Imaging;

namespace LatentSync.Pipeline.Flow.Frames;

/// <summary>A frame on its way to the output.</summary>
/// <param name="Image">The whole frame; the pipeline owns it until it is written.</param>
/// <param name="Fate">What happens to it.</param>
/// <param name="Faces">The faces that are painted; those of the frame before, if no clip starts here.</param>
/// <param name="Crops">For each of them the aligned picture; none at all where the mouths are those of the frame before.</param>
/// <param name="StartsClip">Whether no clip may span this frame and the one before.</param>
/// <param name="Start">When the result shows it, in ticks.</param>
/// <param name="ModelFrame">The model's frame, at 25 per second, whose mouths it gets.</param>
internal sealed record AlignedFrame(
    RgbImage Image,
    FrameFate Fate,
    IReadOnlyList<FacePlan> Faces,
    IReadOnlyList<RgbImage> Crops,
    bool StartsClip,
    long Start,
    int ModelFrame
);
