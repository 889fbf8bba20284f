namespace LatentSync;

/// <summary>Whose mouth is painted, and what happens where the face is missing.</summary>
public sealed record FaceOptions
{
    /// <summary>Whose mouth is painted; default <see cref="FaceChoice.Largest"/>.</summary>
    public FaceChoice Face { get; init; } = FaceChoice.Largest;

    /// <summary>The longest gap, in frames at 25 per second, over which a missing face is painted where it must be: 0 (none) to 25, default 5.</summary>
    public int BridgeFrames { get; init; } = 5;

    internal IEnumerable<OptionMistake> Mistakes()
    {
        if (BridgeFrames is < 0 or > 25)
        {
            yield return OptionMistake.Of(nameof(BridgeFrames), BridgeFrames, $"it must be from 0 to 25");
        }
    }
}
