namespace LatentSync.ServerTests.Support;

/// <summary>What a <see cref="FlakyProxy"/> does.</summary>
internal enum Mischief
{
    None,

    /// <summary>Answers 500.</summary>
    Fail,

    /// <summary>Lets a few bytes through now and then.</summary>
    Slow,

    /// <summary>Ends connections in the middle of the answer.</summary>
    Cut,

    /// <summary>Changes a byte of each answer.</summary>
    Spoil,
}
