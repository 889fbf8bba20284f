using System.Runtime.InteropServices;

namespace LatentSync;

/// <summary>A part of a result that can be made without the others.</summary>
/// <param name="First">Number of its first frame in the result, from 0.</param>
/// <param name="Frames">Its frames.</param>
/// <param name="Start">When its first frame is shown.</param>
/// <param name="End">When the first frame of the next part is shown, or the result ends.</param>
/// <param name="SyncedFrames">How many of its frames are painted: nearly all its work.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LipSyncSegment(int First, int Frames, TimeSpan Start, TimeSpan End, int SyncedFrames);
