namespace LatentSync.Media.Write;

/// <summary>A finished part of the result's pictures.</summary>
/// <param name="Frames">Its frames.</param>
/// <param name="Start">When the first of them is shown, in ticks.</param>
/// <param name="End">When the first frame after them is shown, or the video ends.</param>
internal sealed record SegmentEntry(int Frames, long Start, long End);
