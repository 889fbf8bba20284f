using LatentSync.Pipeline.Flow.Frames;
using LatentSync.Progress;
using LatentSync.Timeline;

namespace LatentSync.Pipeline.Flow;

/// <summary>What all three tasks of <see cref="FrameFlow"/> share.</summary>
/// <param name="Clock">The clock of the frames' times.</param>
/// <param name="ClipLength">Frames of a clip, as the model sees them.</param>
/// <param name="Pools">Where images come from and go back to.</param>
/// <param name="Times">Adds up where the time goes.</param>
/// <param name="Progress">What people are told meanwhile.</param>
internal sealed record FlowContext(FrameClock Clock, int ClipLength, FlowPools Pools, WorkTimes Times, FlowProgress Progress);
