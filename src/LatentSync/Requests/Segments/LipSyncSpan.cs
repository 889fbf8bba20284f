using System.Runtime.InteropServices;

namespace LatentSync;

/// <summary>A stretch of time.</summary>
/// <param name="Start">Its beginning.</param>
/// <param name="End">Its end.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LipSyncSpan(TimeSpan Start, TimeSpan End);
