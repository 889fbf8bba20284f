namespace LatentSync;

/// <summary>A file of a stored model.</summary>
/// <param name="Path">Where it lies in the model's folder.</param>
/// <param name="Length">Length in bytes.</param>
/// <param name="Sha256">Its digest in lower-case hexadecimal.</param>
/// <param name="Source">Repository and commit it was downloaded from; null if it was imported.</param>
public sealed record ModelFileSummary(string Path, long Length, string Sha256, string? Source);
