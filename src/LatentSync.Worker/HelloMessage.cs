namespace LatentSync.Worker;

/// <summary>The first message.</summary>
internal sealed record HelloMessage : HostMessage
{
    /// <summary>Version of the protocol the host speaks.</summary>
    public required int Protocol { get; set; }

    /// <summary>Language of error titles, such as <c>en</c> or <c>zh</c>.</summary>
    public string? Language { get; set; }

    /// <summary>The worker ends after so long without a job, and gives a host up that is silent so long when it was asked for something.</summary>
    public double IdleSeconds { get; set; } = 600;
}
