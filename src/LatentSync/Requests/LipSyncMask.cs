using System.Runtime.InteropServices;

namespace LatentSync;

/// <summary>What was painted of a frame: a rectangle; outside of it the frame is as it was read.</summary>
/// <param name="Left">The rectangle's first pixel in a row of the frame.</param>
/// <param name="Top">Its first row.</param>
/// <param name="Width">Its pixels per row; 0 if nothing of the frame was painted.</param>
/// <param name="Height">Its rows.</param>
/// <param name="Weights">[Height, Width], row by row: how much of the pixel was painted, 0 for nothing to 255; valid during the call.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LipSyncMask(int Left, int Top, int Width, int Height, ReadOnlyMemory<byte> Weights);
