using LatentSync.Faces.Tracking;

namespace LatentSync.Pipeline.Flow.Frames;

/// <summary>A decoded frame of which it is known what will be done to it.</summary>
/// <param name="Source">The frame.</param>
/// <param name="Plan">What is done to it.</param>
/// <param name="StartsClip">Whether no clip may span this frame and the one before.</param>
internal sealed record PlannedFrame(SourceFrame Source, FramePlan Plan, bool StartsClip);
