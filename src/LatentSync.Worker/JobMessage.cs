namespace LatentSync.Worker;

/// <summary>A job.</summary>
internal abstract record JobMessage : HostMessage
{
    /// <summary>Whether the worker continues with the networks in memory; else it ends after the job, which frees all.</summary>
    public bool KeepModel { get; set; }

    /// <summary>Whether the host is told of the card's memory while the job runs.</summary>
    public bool Memory { get; set; }
}
