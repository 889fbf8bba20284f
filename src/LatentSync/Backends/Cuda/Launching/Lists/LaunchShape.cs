namespace LatentSync.Backends.Cuda.Launching.Lists;

/// <summary>How the images of a list belong together.</summary>
/// <param name="Frames">Frames of a clip: they share the statistics of the clip-wide norms, and see each other in temporal attention.</param>
/// <param name="Clips">Clips that hear the sound.</param>
/// <param name="IsGuided">
/// Whether the same clips are computed a second time, without the sound. The silent half comes first. Until the first layer
/// that hears, both halves are equal, and only one is computed.
/// </param>
internal sealed record LaunchShape(int Frames, int Clips, bool IsGuided)
{
    /// <summary>Whether a clip may have fewer frames than there is room for; how many says a named buffer.</summary>
    public bool MayBeShort { get; init; }

    /// <summary>See <see cref="Memory.DeviceTraits.FusedGateChannels"/>.</summary>
    public int FusedGateChannels { get; init; }

    /// <summary>
    /// The most bytes that values inside a transformer may take at once: images go through its attention and its feed-forward
    /// layer in as many slices as that needs.
    /// </summary>
    public long SliceBytes { get; init; } = long.MaxValue;

    /// <summary>Images that come in: the frames of all clips, once.</summary>
    public int Images => Frames * Clips;

    /// <summary>Images that come out.</summary>
    public int ResultImages => IsGuided ? 2 * Images : Images;
}
