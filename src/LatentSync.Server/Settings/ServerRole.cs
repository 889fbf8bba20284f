namespace LatentSync.Server.Settings;

/// <summary>What a process of the server does.</summary>
internal enum ServerRole
{
    /// <summary>Everything.</summary>
    All,

    /// <summary>Answers clients and sends webhooks.</summary>
    Api,

    /// <summary>Works.</summary>
    Worker,
}
