using System.Runtime.InteropServices;

namespace LatentSync;

/// <summary>A stretch of the video, in its own time, in which no face can be painted.</summary>
/// <param name="Start">When its first frame is shown.</param>
/// <param name="End">When the next frame with a usable face is shown, or the part of the video ends that is used.</param>
/// <param name="Frames">Its frames.</param>
/// <param name="Reason">Why.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LipSyncFaceGap(TimeSpan Start, TimeSpan End, int Frames, LipSyncGapReason Reason);
