namespace LatentSync;

/// <summary>The sound of a job without files.</summary>
/// <param name="Samples">One channel, -1..1; several channels are to be averaged.</param>
/// <param name="SampleRate">Samples per second, 4000 to 384000.</param>
public sealed record LipSyncSound(ReadOnlyMemory<float> Samples, int SampleRate);
