namespace LatentSync;

/// <summary>What the mouth does while nobody speaks in the sound.</summary>
public enum QuietMouth
{
    /// <summary>What the model makes of what it hears; music and noise may move the lips.</summary>
    Model = 0,

    /// <summary>It rests: the model hears silence there.</summary>
    Rest = 1,

    /// <summary>The mouth of the video comes back.</summary>
    Source = 2,
}
