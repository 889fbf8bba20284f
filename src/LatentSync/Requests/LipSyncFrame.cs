using System.Runtime.InteropServices;

namespace LatentSync;

/// <summary>One frame of a result.</summary>
/// <param name="Index">Its number in the result, from 0.</param>
/// <param name="SourceIndex">The frame of the source that it shows.</param>
/// <param name="IsPainted">False if it is that frame as it was read.</param>
/// <param name="Pixels">RGB, 8 bits each, row by row from the top; valid during the call, or until the next frame is asked for.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LipSyncFrame(int Index, int SourceIndex, bool IsPainted, ReadOnlyMemory<byte> Pixels)
{
    /// <summary>Where it is painted; null if it is not, or if <see cref="LipSyncFramesRequest.Masks"/> was not set.</summary>
    public LipSyncMask? Mask { get; init; }
}
