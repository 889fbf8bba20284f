namespace LatentSync.Jobs;

/// <summary>A finished part of a job's pictures.</summary>
/// <param name="File">Its name in the job's folder.</param>
/// <param name="Frames">Its frames.</param>
/// <param name="Start">When the first of them is shown, in ticks.</param>
/// <param name="End">When the first frame after them is shown, or the video ends.</param>
/// <param name="Bytes">Length of the file.</param>
/// <param name="Sha256">Its digest in lower-case hexadecimal.</param>
internal sealed record JobSegment(string File, int Frames, long Start, long End, long Bytes, string Sha256);
