using System.Runtime.InteropServices;

namespace LatentSync.Pipeline.Segments;

/// <summary>A frame of a result.</summary>
/// <param name="Source">Number of the frame of the video that it shows.</param>
/// <param name="Start">When it is shown, in ticks.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FrameMoment(int Source, long Start);
