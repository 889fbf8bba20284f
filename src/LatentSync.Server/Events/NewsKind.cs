namespace LatentSync.Server.Events;

/// <summary>What the processes of a server tell each other.</summary>
internal enum NewsKind
{
    /// <summary>A job changed; the database has the change.</summary>
    Change,

    /// <summary>How far a job is; nothing but this message has it.</summary>
    Progress,

    /// <summary>Whoever works at a job is to stop.</summary>
    Stop,
}
