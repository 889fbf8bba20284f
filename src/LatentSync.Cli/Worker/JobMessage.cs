namespace LatentSync.Cli.Worker;

/// <summary>A job.</summary>
internal abstract record JobMessage : HostMessage
{
    /// <summary>How to do it.</summary>
    public HostSettings Settings { get; set; } = new();

    /// <summary>Whether the worker goes on with the networks in memory; else it ends after the job, which frees all.</summary>
    public bool KeepModel { get; set; }
}
