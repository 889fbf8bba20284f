using LatentSync.Backends.Cuda.Memory;

namespace LatentSync.Backends.Cuda.Launching.Lists;

/// <summary>Rows of numbers in a buffer, which may be parts of longer rows.</summary>
/// <param name="Buffer">Where they lie.</param>
/// <param name="Offset">The first number's place, in numbers.</param>
/// <param name="RowCount">Rows.</param>
/// <param name="Width">Numbers of a row.</param>
/// <param name="Stride">Numbers from one row's start to the next one's.</param>
internal sealed record LaunchMatrix(LaunchBuffer Buffer, long Offset, int RowCount, int Width, int Stride)
{
    /// <summary>Some of its rows.</summary>
    public LaunchMatrix RowRange(int first, int count) => this with { Offset = Offset + ((long)first * Stride), RowCount = count };

    /// <summary>Some of its columns.</summary>
    public LaunchMatrix Columns(int first, int count) => this with { Offset = Offset + first, Width = count };

    /// <summary>The first number's address.</summary>
    /// <param name="pointerOf">Where a buffer starts.</param>
    public nint PointerIn(Func<LaunchBuffer, nint> pointerOf) => pointerOf(Buffer) + (nint)(Offset * Buffer.Type.Size());

    /// <summary>Whether the rows follow each other without gaps.</summary>
    public bool IsDense => Stride == Width;
}
