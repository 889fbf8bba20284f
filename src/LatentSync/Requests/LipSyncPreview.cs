namespace LatentSync;

/// <summary>A small picture of how far a job is.</summary>
/// <param name="Frame">The frame of the result that it shows, from 0.</param>
/// <param name="Width">Pixels per row, at most 256.</param>
/// <param name="Height">Rows, at most 256.</param>
/// <param name="Pixels">RGB, 8 bits each, row by row from the top; the receiver's own.</param>
public sealed record LipSyncPreview(int Frame, int Width, int Height, ReadOnlyMemory<byte> Pixels);
