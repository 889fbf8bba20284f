namespace LatentSync.Benchmarks;

/// <summary>The most memory at any time of a run, in bytes.</summary>
/// <param name="Heap">What the garbage collector of .NET had taken at its last collection; part of the next.</param>
/// <param name="Process">Resident memory of this process.</param>
/// <param name="WithChildren">And of its ffmpeg processes, which share some of it.</param>
internal sealed record MemoryPeaks(long Heap, long Process, long WithChildren);
