using LatentSync.Media.Write;
using LatentSync.Restoration;

namespace LatentSync.Pipeline.Flow;

/// <summary>What <see cref="FrameFinishing"/> works with. It owns none of it.</summary>
/// <param name="Restorer">Pastes the mouths back.</param>
/// <param name="Writer">Takes the finished frames.</param>
/// <param name="Mask">Where the frame that is pasted into last is painted; null if nobody wants to know.</param>
internal sealed record FinishingInputs(IFaceRestorer Restorer, IFrameWriter Writer, PaintedMask? Mask = null);
