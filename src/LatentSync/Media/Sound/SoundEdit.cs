namespace LatentSync.Media.Sound;

/// <summary>What is done to the sound of a result. Where nothing is, it is copied if the container takes its codec.</summary>
internal sealed record SoundEdit
{
    /// <summary>Nothing.</summary>
    public static SoundEdit None { get; } = new();

    /// <summary>Seconds that are skipped, rounded to a sample.</summary>
    public double Start { get; init; }

    /// <summary>
    /// Seconds that are used from there on, rounded to a sample; null for all. Where nothing follows, the pictures end with the sound
    /// anyway.
    /// </summary>
    public double? Length { get; init; }

    /// <summary>Seconds of silence before it, rounded to a sample.</summary>
    public double Delay { get; init; }

    /// <summary>Silence follows the sound until the pictures end.</summary>
    public bool FillsPictures { get; init; }

    /// <summary>A second sound, mixed under the first.</summary>
    public SoundUnder? Under { get; init; }

    /// <summary>The sound has to be encoded again.</summary>
    public bool IsNeeded => Start > 0 || Delay > 0 || FillsPictures || Under is not null;
}
