namespace LatentSync.Server.Work.Calls;

/// <summary>A call that a worker follows; to be disposed when what it led to is done. Who dies before passes it on to another.</summary>
internal interface IWorkCall : IAsyncDisposable
{
    /// <summary>Whether there is work, but none that this worker may take: then another is called.</summary>
    bool IsForOthers { get; set; }
}
