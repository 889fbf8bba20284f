namespace LatentSync.TestEngine;

/// <summary>What goes wrong with a job's segments.</summary>
internal enum Fault
{
    None,

    /// <summary>The process ends in the middle of every attempt.</summary>
    Crash,

    /// <summary>The process ends in the middle of the first attempt at each segment.</summary>
    CrashOnce,

    /// <summary>Nothing is said any more.</summary>
    Hang,

    /// <summary>The input is refused.</summary>
    InvalidInput,

    /// <summary>The network fails at every attempt.</summary>
    InferenceFails,

    /// <summary>What is no message is written.</summary>
    Babble,

    /// <summary>Cancelling is ignored.</summary>
    Deaf,

    /// <summary>Results that this process measures from now on take half a minute.</summary>
    SlowScore,
}
