namespace LatentSync.Server.Data.Providers;

/// <summary>Why a change could not be written.</summary>
internal enum DatabaseFault
{
    /// <summary>The change itself is at fault.</summary>
    Lasting,

    /// <summary>Another process changed the same rows at the same time: at once it may succeed.</summary>
    Conflict,

    /// <summary>The database cannot be reached, or is starting: later it may succeed.</summary>
    Unreachable,
}
