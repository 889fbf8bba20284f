namespace LatentSync;

/// <summary>A small picture of a face among which people were chosen.</summary>
/// <param name="Frame">The frame of the video, from 0.</param>
/// <param name="Face">The face.</param>
/// <param name="Width">Pixels per row, at most 64.</param>
/// <param name="Height">Rows, at most 64.</param>
/// <param name="Pixels">RGB, 8 bits each, row by row from the top; the receiver's own.</param>
public sealed record LipSyncFacePicture(int Frame, LipSyncFace Face, int Width, int Height, ReadOnlyMemory<byte> Pixels);
