namespace LatentSync.TestKit.Packing;

/// <summary>A part of a file that consists of random numbers, scaled and shifted.</summary>
/// <param name="Offset">First byte in the file.</param>
/// <param name="Count">Numbers.</param>
/// <param name="Kind">How they are distributed and stored.</param>
/// <param name="Draw">The generator's numbers before those of this part, of 32 bits.</param>
/// <param name="Scale">What each is multiplied with.</param>
/// <param name="Shift">What is added then.</param>
internal readonly record struct DrawnSpan(int Offset, int Count, DrawnKind Kind, long Draw, float Scale, float Shift);
