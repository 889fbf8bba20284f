namespace LatentSync;

/// <summary>What checking a file of a model found.</summary>
/// <param name="Path">The file.</param>
/// <param name="Problem">What is wrong with it, as a clause; null if nothing is.</param>
public sealed record ModelFileCheck(string Path, string? Problem);
